import { NameScope } from "../model/names/name-scope.js";
import { reservedIdentifiers } from "../model/names/reserved.js";
import { isSameModule } from "./references.js";
import type { TextEdits } from "./text-edits.js";
import type { UserFile } from "./user-file.js";

/** An import that what is added needs. */
export interface Needed {
  readonly module: string;
  readonly name: string;
  readonly typeOnly: boolean;
}

const globals = ["Promise", "AsyncIterable", "Error", "Object", "Array", "Map", "Set", "Date"];
const width = 120;

/** Names of one file: what is imported there already is used, what is not is imported at the end. */
export class FileScope {
  readonly #file: UserFile;
  readonly #names: NameScope;
  readonly #added = new Map<string, { readonly needed: Needed; readonly local: string }>();

  constructor(file: UserFile) {
    this.#file = file;
    this.#names = new NameScope([...reservedIdentifiers, ...globals, ...file.names]);
  }

  /** A name for a declaration of ours. */
  claim(name: string): string {
    return this.#names.claim(name);
  }

  /** What an export of a module is called in the file. */
  use(needed: Needed): string {
    for (const { module, named } of this.#file.imports) {
      if (!isSameModule(module, needed.module)) continue;
      const known = named.find(({ name, typeOnly }) => name === needed.name && (needed.typeOnly || !typeOnly));
      if (known !== undefined) return known.local;
    }
    const key = `${needed.module}\0${needed.name}`;
    const added = this.#added.get(key);
    if (added !== undefined && (needed.typeOnly || !added.needed.typeOnly)) return added.local;
    const local = added?.local ?? this.#names.claim(needed.name);
    this.#added.set(key, { needed, local });
    return local;
  }

  /** Adds the imports to those there are, or behind them. Returns where the imports end, and what is to stand there. */
  print(edits: TextEdits): readonly string[] {
    const { imports, layout } = this.#file;
    const declarations: string[] = [];
    for (const [module, entries] of groupBy([...this.#added.values()], ({ needed }) => needed.module)) {
      const rest: typeof entries = [];
      for (const entry of entries) {
        const home = imports.find(
          (one) =>
            one.more !== undefined && isSameModule(one.module, module) && (!one.typeOnly || entry.needed.typeOnly),
        );
        if (home?.more === undefined) rest.push(entry);
        else edits.insert(home.more.at, home.more.separator + specifierOf(entry, home.typeOnly));
      }
      if (rest.length > 0) declarations.push(declare(module, rest, layout));
    }
    return declarations;
  }
}

type Entry = { readonly needed: Needed; readonly local: string };

function declare(module: string, entries: readonly Entry[], layout: UserFile["layout"]): string {
  const { quote, semicolon, indent } = layout;
  const allTypes = entries.every(({ needed }) => needed.typeOnly);
  const specifiers = [...entries]
    .sort((a, b) => (a.needed.name < b.needed.name ? -1 : 1))
    .map((entry) => specifierOf(entry, allTypes));
  const keyword = allTypes ? "import type" : "import";
  const from = `from ${quote}${module}${quote}${semicolon}`;
  const line = `${keyword} { ${specifiers.join(", ")} } ${from}`;
  return line.length <= width
    ? line
    : `${keyword} {\n${specifiers.map((one) => `${indent}${one},\n`).join("")}} ${from}`;
}

function specifierOf({ needed, local }: Entry, inTypeImport: boolean): string {
  const name = needed.name === local ? local : `${needed.name} as ${local}`;
  return needed.typeOnly && !inTypeImport ? `type ${name}` : name;
}

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): ReadonlyMap<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return new Map(
    [...groups].sort(([a], [b]) => Number(a.startsWith(".")) - Number(b.startsWith(".")) || (a < b ? -1 : 1)),
  );
}
