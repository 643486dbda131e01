import { Project, type SourceFile, SyntaxKind } from "ts-morph";
import { GenStubsError } from "../errors/gen-stubs-error.js";
import { type Layout, layoutOf } from "./layout.js";
import { type ExistingImport, importsOf, topNames } from "./read-imports.js";
import { findTargets, type Target } from "./read-target.js";
import type { References } from "./references.js";

/** A user's file, as far as a skeleton has to know it. All offsets count in `text`. */
export interface UserFile {
  readonly text: string;
  readonly layout: Layout;
  readonly imports: readonly ExistingImport[];
  /** Names declared at the top of the module, imports included. */
  readonly names: ReadonlySet<string>;
  /** Where new imports go when there are none: behind a `#!` line, directives and comments. */
  readonly start: number;
  /** Aliases of types, by their text without white space: `MessageInitShape<typeofPointSchema>`. */
  readonly aliases: ReadonlyMap<string, { readonly name: string; readonly end: number }>;
  /** Finds the class or object that implements a service, by what its interface or service is called here. */
  readonly targets: (refs: References) => readonly Target[];
}

/**
 * Reads a file.
 *
 * @param shown how errors call it
 * @throws GenStubsError GS7001 where it does not parse
 */
export function readUserFile(text: string, shown: string): UserFile {
  // Nothing but this text is looked at: no libraries, no imports, no disk.
  const project = new Project({
    useInMemoryFileSystem: true,
    skipLoadingLibFiles: true,
    skipFileDependencyResolution: true,
    compilerOptions: { noLib: true, noResolve: true },
  });
  const file = project.createSourceFile(/\.tsx$/.test(shown) ? "/file.tsx" : "/file.ts", text);
  refuseFaults(project, file, shown);
  const literals = file.getDescendantsOfKind(SyntaxKind.StringLiteral).map((literal) => literal.getText().slice(0, 1));
  const ended = file
    .getStatements()
    .filter((statement) => endsInSemicolon.has(statement.getKind()))
    .map((statement) => statement.getText().endsWith(";"));
  return {
    text,
    layout: layoutOf({ text, quotes: literals, semicolons: ended }),
    imports: importsOf(file),
    names: topNames(file),
    start: startOf(file),
    aliases: aliasesOf(file),
    targets: (refs) => findTargets(file, refs),
  };
}

const endsInSemicolon: ReadonlySet<SyntaxKind> = new Set([
  SyntaxKind.ImportDeclaration,
  SyntaxKind.ExportDeclaration,
  SyntaxKind.VariableStatement,
  SyntaxKind.ExpressionStatement,
  SyntaxKind.TypeAliasDeclaration,
]);

function refuseFaults(project: Project, file: SourceFile, shown: string): void {
  const [first] = project.getProgram().getSyntacticDiagnostics(file);
  if (first === undefined) return;
  const { line, column } = file.getLineAndColumnAtPos(first.getStart());
  const message = first.getMessageText();
  const said = typeof message === "string" ? message : message.getMessageText();
  throw new GenStubsError({
    code: "GS7001",
    message: `it cannot be parsed as TypeScript: ${said}`,
    file: shown,
    line,
    column,
    source: (file.getFullText().split(/\r?\n/)[line - 1] ?? "").replaceAll("\t", " "),
    hint: "mend this first; nothing was written",
  });
}

function startOf(file: SourceFile): number {
  const statements = file.getStatements();
  const isDirective = (index: number): boolean =>
    statements[index]?.asKind(SyntaxKind.ExpressionStatement)?.getExpression().isKind(SyntaxKind.StringLiteral) ===
    true;
  let index = 0;
  while (isDirective(index)) index++;
  const next = statements[index];
  return next === undefined ? (statements.at(-1)?.getEnd() ?? file.getEnd()) : next.getStart(true);
}

function aliasesOf(file: SourceFile): UserFile["aliases"] {
  return new Map(
    file.getTypeAliases().map((alias) => {
      const type = alias.getTypeNode()?.getText() ?? "";
      return [type.replace(/\s+/g, ""), { name: alias.getName(), end: alias.getEnd() }] as const;
    }),
  );
}
