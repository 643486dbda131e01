import { Project, type SourceFile, ts } from "ts-morph";

export type Target = "ts" | "js" | "dts";

const compilerOptions: ts.CompilerOptions = {
  target: ts.ScriptTarget.ESNext,
  module: ts.ModuleKind.ESNext,
  verbatimModuleSyntax: true,
  isolatedDeclarations: true,
  declaration: true,
};

/** A template as TypeScript, or as what the TypeScript compiler makes of it. */
export function render(path: string, text: string, target: Target): SourceFile {
  const project = new Project({ useInMemoryFileSystem: true, compilerOptions });
  return project.createSourceFile(path.replace(/\.ts$/, target === "dts" ? ".d.ts" : `.${target}`), emit(text, target));
}

function emit(text: string, target: Target): string {
  switch (target) {
    case "ts":
      return text;
    case "js":
      return layOut(ts.transpileModule(text, { compilerOptions }).outputText);
    case "dts":
      return layOut(ts.transpileDeclaration(text, { compilerOptions }).outputText);
  }
}

/** The compiler prints four spaces a level, and no blank lines between members. */
function layOut(text: string): string {
  const lines = text.split("\n").map((line) => line.replace(/^(?: {4})+/, (indent) => " ".repeat(indent.length / 2)));
  return lines
    .flatMap((line, index) => {
      const before = lines[index - 1] ?? "";
      const startsMember = /^ {2}(\/\*\*|constructor\()/.test(line) && !/^\S|^ \*|^ {3}\*/.test(before);
      return startsMember ? ["", line] : [line];
    })
    .join("\n");
}
