import type { Imports } from "./imports.js";
import type { Target } from "./template.js";

/** What a generated `.js` is: an ES module, or CommonJS; names and meaning are protoc-gen-es's. */
export type JsImportStyle = "module" | "legacy_commonjs";

/** Imports and declarations as the body of one file. Only JavaScript has a style: types are the same for both. */
export function moduleText(imports: Imports, blocks: readonly string[], target: Target, style: JsImportStyle): string {
  const joined = (parts: readonly string[]): string => parts.filter((part) => part !== "").join("\n\n");
  if (target !== "js" || style === "module") return joined([imports.print(target).trimEnd(), ...blocks]);
  const names: string[] = [];
  // Generated declarations stand at the start of a line; nothing else there begins with `export`.
  const local = blocks.map((block) =>
    block.replace(/^export ((?:class|const|function) ([^\s(=;]+))/gm, (_, declaration: string, name: string) => {
      names.push(name);
      return declaration;
    }),
  );
  const exported = names.map((name) => `exports.${name} = ${name};`).join("\n");
  const head = '"use strict";\nObject.defineProperty(exports, "__esModule", { value: true });';
  return joined([head, imports.printRequires().trimEnd(), ...local, exported]);
}
