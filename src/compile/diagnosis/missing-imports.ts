import type { Fault } from "../../errors/gen-stubs-error.js";
import type { ImportStatement } from "../import-statements.js";
import type { ImportAdvice } from "./import-advice.js";
import { placeOf, places } from "./two-names.js";

const maxNames = 8;

/** One fault for all imports that one thing would bring, in the order in which they are written. */
export function missingImportFaults(
  missing: ReadonlyMap<string, readonly ImportStatement[]>,
  advise: ImportAdvice,
  cwd: string,
): readonly Fault[] {
  const groups = new Map<string, { readonly hint: string | undefined; readonly names: string[] }>();
  for (const name of missing.keys()) {
    const hint = advise(name);
    // Imports without a known cause are reported one by one.
    const key = hint ?? `\n${name}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { hint, names: [name] });
    else group.names.push(name);
  }
  return [...groups.values()].map(({ hint, names }): Fault => {
    const first = names.flatMap((name) => missing.get(name) ?? [])[0];
    return {
      code: "GS2004",
      message: text(names, missing, cwd),
      ...(first === undefined ? {} : placeOf(first, cwd)),
      ...(hint === undefined ? {} : { hint }),
    };
  });
}

function text(names: readonly string[], missing: ReadonlyMap<string, readonly ImportStatement[]>, cwd: string): string {
  const [first = ""] = names;
  const by = (name: string): readonly ImportStatement[] => missing.get(name) ?? [];
  if (names.length === 1) {
    const others = by(first).slice(1);
    return `import "${first}" was not found${others.length === 0 ? "" : `, also in ${places(others, cwd)}`}`;
  }
  const shown = names.slice(0, maxNames).map((name) => `"${name}" (${places(by(name), cwd)})`);
  const more = names.length - shown.length;
  return `${names.length} imports were not found: ${shown.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
