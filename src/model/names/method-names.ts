import { NameScope } from "./name-scope.js";
import { reservedMethods } from "./reserved.js";

/**
 * The TypeScript names of a service's rpcs, in their order. `GetFoo`, `get_foo` and `Get_Foo` all want to be `getFoo`:
 * the one that is spelled most like it gets it, others keep more of their own spelling. So the order of the
 * rpcs does not matter, and an rpc that is added changes no name but those it collides with.
 */
export function methodNames(rpcs: readonly string[]): string[] {
  const scope = new NameScope(reservedMethods);
  const names = new Map<number, string>();
  for (const likeness of [2, 1, 0]) {
    rpcs.forEach((rpc, index) => {
      if (likenessToCamel(rpc) === likeness) names.set(index, scope.claim(...candidates(rpc)));
    });
  }
  return rpcs.map((_, index) => names.get(index)!);
}

/** 2: the name is lowerCamel already; 1: but for its first letter; 0: it has underscores. */
function likenessToCamel(rpc: string): 0 | 1 | 2 {
  const camel = lowerCamel(rpc);
  return rpc === camel ? 2 : lowerFirst(rpc) === camel ? 1 : 0;
}

function candidates(rpc: string): [string, ...string[]] {
  const camel = lowerCamel(rpc);
  // `_1` has nothing that could start an identifier but its underscore. What JavaScript calls is escaped, not respelled.
  if (!/^[A-Za-z]/.test(camel)) return [rpc];
  return reservedMethods.includes(camel) ? [camel] : [camel, lowerFirst(rpc), rpc];
}

/** `Get_foo_Bar` → `getFooBar` */
export function lowerCamel(name: string): string {
  return lowerFirst(name.replace(/_+(.?)/g, (_, next: string) => next.toUpperCase()));
}

/** `RouteGuide` → `routeGuide` */
export function lowerFirst(name: string): string {
  return name.slice(0, 1).toLowerCase() + name.slice(1);
}
