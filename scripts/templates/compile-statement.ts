import { Node, type SourceFile, type Statement, SyntaxKind } from "ts-morph";
import { type CompiledFragment, compileFragment } from "./compile-fragment.js";
import { exemplars } from "./exemplars.js";
import { isMember, type Member, packageImports } from "./names.js";

export interface CompiledStatement {
  /** The placeholder it declares, without its `$`. */
  readonly name: string;
  readonly open: CompiledFragment;
  readonly members?: {
    readonly gap: string;
    readonly separator: string;
    readonly close: string;
    readonly empty: string;
    readonly of: Readonly<Record<string, CompiledFragment>>;
  };
}

/**
 * The statements that are templates: those that declare a placeholder and have a body in the file as `written`. (A
 * declaration file declares everything.)
 */
export function templateStatements(source: SourceFile, written: SourceFile): Statement[] {
  const names = written
    .getStatements()
    .filter((statement) => !(Node.isAmbientable(statement) && statement.hasDeclareKeyword()))
    .map(declaredName);
  return source.getStatements().filter((statement) => {
    const name = declaredName(statement);
    return name?.startsWith("$") === true && names.includes(name);
  });
}

/** `written`: the template in TypeScript, which knows what is imported from where, and how the members are set. */
export function compileStatement(statement: Statement, written: SourceFile): CompiledStatement {
  const source = statement.getSourceFile();
  const imports = packageImports(written);
  const name = declaredName(statement)!;
  const members = exemplarsIn(statement);
  const compile = (from: number, to: number, member?: Member) => compileFragment({ source, from, to, imports, member });
  const [first] = members;
  if (first === undefined) return { name: name.slice(1), open: compile(startWithDoc(statement), statement.getEnd()) };

  const of = new Map(
    members.map((member) => [exemplars.get(nameOf(member)), compile(member.from, member.to, member.node)]),
  );
  for (const kind of exemplars.values()) {
    if (!of.has(kind)) throw new Error(`${source.getFilePath()}: ${name} has no member for ${kind}`);
  }
  const text = source.getFullText();
  const openEnd = text.slice(0, first.from).trimEnd().length;
  const close = text.slice(members.at(-1)!.to, statement.getEnd());
  return {
    name: name.slice(1),
    open: compile(startWithDoc(statement), openEnd),
    members: {
      ...spacing(written.getStatements().find((original) => declaredName(original) === name)!),
      close,
      empty: text[openEnd - 1] === "{" ? close.trimStart() : close,
      of: Object.fromEntries(of),
    },
  };
}

/** The space before the first exemplar, and between the first two. */
function spacing(statement: Statement): { gap: string; separator: string } {
  const text = statement.getSourceFile().getFullText();
  const [first, second] = exemplarsIn(statement);
  return {
    gap: text.slice(text.slice(0, first!.from).trimEnd().length, first!.from),
    separator: text.slice(first!.to, second!.from),
  };
}

interface Exemplar {
  readonly node: Member;
  readonly from: number;
  readonly to: number;
}

function exemplarsIn(statement: Statement): Exemplar[] {
  return statement
    .getDescendants()
    .filter((node): node is Member => isMember(node) && exemplars.has(node.getNameNode().getText()))
    .map((node) => ({ node, from: startWithDoc(node), to: endWithComma(node) }));
}

function nameOf({ node }: Exemplar): string {
  return node.getNameNode().getText();
}

function declaredName(statement: Statement): string | undefined {
  if (Node.isVariableStatement(statement)) return statement.getDeclarations()[0]?.getName();
  return Node.hasName(statement) ? statement.getName() : undefined;
}

/** Where an element starts, its doc comment included (but not one that belonged to an element which is gone). */
function startWithDoc(node: Node): number {
  return (Node.isJSDocable(node) ? node.getJsDocs().at(-1)?.getStart() : undefined) ?? node.getStart();
}

function endWithComma(node: Node): number {
  const inObject = node.getParent()?.getKind() === SyntaxKind.ObjectLiteralExpression;
  return inObject && node.getSourceFile().getFullText()[node.getEnd()] === "," ? node.getEnd() + 1 : node.getEnd();
}
