import { quote } from "./quote.js";
import type { PackageImport, Target } from "./template.js";

/** Collects what a generated file imports, each name once, and prints it sorted: packages first, then paths. */
export class Imports {
  readonly #modules = new Map<string, Map<string, { local: string; typeOnly: boolean }>>();

  /** `local`: the name in this file, where it differs. A name that is imported as a value anywhere is a value. */
  add({ module, name, typeOnly }: PackageImport, local: string = name): void {
    let names = this.#modules.get(module);
    if (names === undefined) {
      names = new Map();
      this.#modules.set(module, names);
    }
    const known = names.get(name);
    names.set(name, { local, typeOnly: typeOnly && known?.typeOnly !== false });
  }

  /** The import declarations. Types vanish from JavaScript, and a declaration file needs nothing else. */
  print(target: Target): string {
    return [...this.#modules]
      .sort(([a], [b]) => Number(isPath(a)) - Number(isPath(b)) || compare(a, b))
      .map(([module, names]) => printImport(module, names, target))
      .join("");
  }
}

function printImport(
  module: string,
  names: ReadonlyMap<string, { local: string; typeOnly: boolean }>,
  target: Target,
): string {
  const entries = [...names]
    .filter(([, { typeOnly }]) => target !== "js" || !typeOnly)
    .sort(([a], [b]) => compare(a, b));
  if (entries.length === 0) return "";
  const allTypes = target === "dts" || entries.every(([, { typeOnly }]) => typeOnly);
  const specifiers = entries.map(([name, { local, typeOnly }]) => {
    const specifier = local === name ? name : `${name} as ${local}`;
    return typeOnly && !allTypes ? `type ${specifier}` : specifier;
  });
  const keyword = allTypes ? "import type" : "import";
  const line = `${keyword} { ${specifiers.join(", ")} } from ${quote(module)};\n`;
  return line.length <= 121
    ? line
    : `${keyword} {\n${specifiers.map((one) => `  ${one},\n`).join("")}} from ${quote(module)};\n`;
}

function isPath(module: string): boolean {
  return /^\.{0,2}\//.test(module);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
