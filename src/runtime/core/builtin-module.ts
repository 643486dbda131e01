interface BuiltinModules {
  readonly process?: { getBuiltinModule?(name: string): unknown };
}

/**
 * A module of Node's; undefined where there is none. By a lookup, not an import: browsers have no such modules, and bundlers need
 * not know of them.
 *
 * @typeParam Module what is used of it
 */
export function builtinModule<Module>(name: string): Module | undefined {
  const { process } = globalThis as BuiltinModules; // typed by what is used
  return process?.getBuiltinModule?.(name) as Module | undefined; // the caller knows what it has
}
