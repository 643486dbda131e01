import { ts } from "ts-morph";

/** The shape of a generated file: what is declared, and which expressions and statements occur. Names do not count. */
export interface Skeleton {
  /** How often each kind of statement stands at the top. */
  readonly statements: ReadonlyMap<string, number>;
  /** Members of each class and interface, and properties of each object at the top. */
  readonly members: readonly number[];
  /** `Parent > Child` for every node of the tree, and the names that are called. */
  readonly edges: ReadonlySet<string>;
}

/** Parses a generated file. Returns the first syntax error instead, where there is one. */
export function skeletonOf(name: string, text: string): Skeleton | string {
  const source = ts.createSourceFile(name, text, ts.ScriptTarget.ESNext, true);
  const program = ts.createProgram([name], { noLib: true, noResolve: true, allowJs: true }, hostOf(source));
  const fault = program.getSyntacticDiagnostics(source)[0];
  if (fault !== undefined) return ts.flattenDiagnosticMessageText(fault.messageText, "\n");
  const statements = new Map<string, number>();
  const members: number[] = [];
  const edges = new Set<string>();
  for (const statement of source.statements) {
    const kind = kindOf(statement);
    statements.set(kind, (statements.get(kind) ?? 0) + 1);
    if (ts.isClassDeclaration(statement) || ts.isInterfaceDeclaration(statement))
      members.push(statement.members.length);
  }
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) edges.add(`call ${ts.isIdentifier(node.expression) ? node.expression.text : "?"}`);
    ts.forEachChild(node, (child) => {
      edges.add(`${kindOf(node)} > ${kindOf(child)}`);
      visit(child);
    });
  };
  visit(source);
  return { statements, members, edges };
}

/** A world with one file in it. */
function hostOf(source: ts.SourceFile): ts.CompilerHost {
  return {
    getSourceFile: (name) => (name === source.fileName ? source : undefined),
    fileExists: (name) => name === source.fileName,
    readFile: () => undefined,
    writeFile: () => {},
    getDefaultLibFileName: () => "lib.d.ts",
    getCurrentDirectory: () => "/",
    getCanonicalFileName: (name) => name,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => "\n",
  };
}

function kindOf(node: ts.Node): string {
  return ts.SyntaxKind[node.kind] ?? "";
}
