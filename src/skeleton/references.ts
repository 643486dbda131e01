import type { ExistingImport } from "./read-imports.js";
import type { SkeletonService } from "./skeleton-service.js";

/** References to a service in a file: names such as `WeatherHandlers` or `stubs.WeatherHandlers`. */
export interface References {
  readonly handlers: ReadonlySet<string>;
  readonly unimplemented: ReadonlySet<string>;
  readonly service: ReadonlySet<string>;
}

/**
 * The names by which a file has imported what belongs to a service. Where nothing comes from the very module, one with the same
 * file name will do: paths differ with aliases of tsconfig.json, and where generated code has moved.
 */
export function referencesTo(service: SkeletonService, imports: readonly ExistingImport[]): References {
  const exact = imports.filter(({ module }) => isSameModule(module, service.stubs));
  const near = imports.filter(({ module }) => stem(module) === stem(service.stubs));
  const from = exact.length > 0 ? exact : near;
  const namesOf = (exported: string): ReadonlySet<string> =>
    new Set(
      from.flatMap(({ named, namespace }) => [
        ...named.filter(({ name }) => name === exported).map(({ local }) => local),
        ...(namespace === undefined ? [] : [`${namespace}.${exported}`]),
      ]),
    );
  const { Handlers, Unimplemented, Service } = service.exported;
  return { handlers: namesOf(Handlers), unimplemented: namesOf(Unimplemented), service: namesOf(Service) };
}

/** Whether two specifiers mean one module, however they end. */
export function isSameModule(a: string, b: string): boolean {
  return withoutEnding(a) === withoutEnding(b);
}

function withoutEnding(module: string): string {
  return module.replace(/\.[cm]?[jt]s$/, "");
}

function stem(module: string): string {
  return withoutEnding(module).split("/").at(-1) ?? "";
}
