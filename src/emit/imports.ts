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
    return this.#sorted()
      .map(([module, names]) => printImport(module, names, target))
      .join("");
  }

  /** The same values for CommonJS, by `require`. */
  printRequires(): string {
    return this.#sorted()
      .map(([module, names]) => printRequire(module, names))
      .join("");
  }

  #sorted(): [module: string, names: Names][] {
    return [...this.#modules].sort(([a], [b]) => Number(isPath(a)) - Number(isPath(b)) || compare(a, b));
  }
}

type Names = ReadonlyMap<string, { readonly local: string; readonly typeOnly: boolean }>;

function printImport(module: string, names: Names, target: Target): string {
  const entries = entriesOf(names, target);
  if (entries.length === 0) return "";
  const allTypes = target === "dts" || entries.every(([, { typeOnly }]) => typeOnly);
  const specifiers = entries.map(([name, { local, typeOnly }]) => {
    const specifier = local === name ? name : `${name} as ${local}`;
    return typeOnly && !allTypes ? `type ${specifier}` : specifier;
  });
  return statement(allTypes ? "import type" : "import", specifiers, `from ${quote(module)}`);
}

function printRequire(module: string, names: Names): string {
  const specifiers = entriesOf(names, "js").map(([name, { local }]) => (local === name ? name : `${name}: ${local}`));
  return specifiers.length === 0 ? "" : statement("const", specifiers, `= require(${quote(module)})`);
}

function entriesOf(names: Names, target: Target): [name: string, entry: { local: string; typeOnly: boolean }][] {
  return [...names].filter(([, { typeOnly }]) => target !== "js" || !typeOnly).sort(([a], [b]) => compare(a, b));
}

function statement(keyword: string, specifiers: readonly string[], tail: string): string {
  const line = `${keyword} { ${specifiers.join(", ")} } ${tail};\n`;
  return line.length <= 121 ? line : `${keyword} {\n${specifiers.map((one) => `  ${one},\n`).join("")}} ${tail};\n`;
}

function isPath(module: string): boolean {
  return /^\.{0,2}\//.test(module);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
