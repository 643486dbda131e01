import type { CompiledFragment } from "./compile-fragment.js";
import type { CompiledStatement } from "./compile-statement.js";

const header = "// Written by scripts/compile-templates.ts from templates/. Do not edit.\n";

/** One target's templates, as a module that satisfies `Templates`: the compiler finds a placeholder nothing is bound to. */
export function printModule(modules: readonly { name: string; statements: readonly CompiledStatement[] }[]): string {
  const body = modules.map(
    ({ name, statements }) => `  ${JSON.stringify(name)}: {\n${statements.map(printStatement).join("")}  },\n`,
  );
  const text = body.join("");
  const helpers = ["doc", "quote"].filter((name) => text.includes(`${name}(`));
  return (
    header +
    helpers.map((name) => `import { ${name} } from "../${name}.js";\n`).join("") +
    `import type { Templates } from "../template.js";\n\nexport const templates: Templates = {\n${text}};\n`
  );
}

export function printReserved(lists: Readonly<Record<string, readonly string[]>>): string {
  const lines = Object.entries(lists).map(
    ([name, names]) => `export const ${name}: readonly string[] = ${JSON.stringify(names)};
`,
  );
  return `${header}${lines.join("")}`;
}

function printStatement({ name, open, members }: CompiledStatement): string {
  if (members === undefined) return `    ${name}: { open: ${printFragment(open)} },\n`;
  const { gap, separator, close, empty, of } = members;
  const kinds = Object.entries(of).map(([kind, fragment]) => `          ${kind}: ${printFragment(fragment)},\n`);
  return (
    `    ${name}: {\n      open: ${printFragment(open)},\n      members: {\n` +
    Object.entries({ gap, separator, close, empty })
      .map(([key, text]) => `        ${key}: ${JSON.stringify(text)},\n`)
      .join("") +
    `        of: {\n${kinds.join("")}        },\n      },\n    },\n`
  );
}

function printFragment({ literal, imports, uses }: CompiledFragment): string {
  const parameter = literal.includes("${") ? "b" : "";
  return `{ text: (${parameter}) => \`${literal}\`, imports: ${JSON.stringify(imports)}, uses: ${JSON.stringify(uses)} }`;
}
