import { type JSDoc, Node, type SourceFile, SyntaxKind } from "ts-morph";
import { exemplars } from "./exemplars.js";
import { isMemberName, type Member } from "./names.js";

export interface CompiledFragment {
  /** The body of a template literal that reads its values from `b`. */
  readonly literal: string;
  readonly imports: readonly { module: string; name: string; typeOnly: boolean }[];
  readonly uses: readonly string[];
}

interface Piece {
  readonly source: SourceFile;
  readonly from: number;
  readonly to: number;
  readonly imports: ReadonlyMap<string, { module: string; name: string; typeOnly: boolean }>;
  /** The exemplar of a kind of rpc that this piece is, if it is one. */
  readonly member: Member | undefined;
}

/** Compiles what stands between two places of a template. */
export function compileFragment(piece: Piece): CompiledFragment {
  const { source, from, to } = piece;
  const holes = findHoles(piece);
  let literal = "";
  let at = from;
  for (const hole of holes) {
    literal += literalText(source, at, hole.from) + `\${${hole.expression}}`;
    at = hole.to;
  }
  literal += literalText(source, at, to);
  const identifiers = nodesIn(piece).filter((node) => Node.isIdentifier(node) && !isMemberName(node));
  const names = new Set(identifiers.map((node) => node.getText()));
  return {
    literal,
    imports: [...piece.imports.values()].filter(({ name }) => names.has(name)),
    uses: [...new Set(holes.flatMap(({ uses }) => uses))].sort(),
  };
}

interface Hole {
  readonly from: number;
  readonly to: number;
  readonly expression: string;
  readonly uses: readonly string[];
}

function findHoles(piece: Piece): Hole[] {
  const holes: Hole[] = [];
  for (const node of nodesIn(piece)) {
    const text = node.getText();
    if (Node.isJSDoc(node)) {
      if (text.includes("$")) holes.push(docHole(node, piece));
    } else if (Node.isIdentifier(node) && text.startsWith("$")) {
      const inInterface = Node.isMethodSignature(piece.member) && piece.member.getNameNode() === node;
      const name = inInterface ? "key" : exemplars.has(text) ? "name" : text.slice(1);
      holes.push({ from: node.getStart(), to: node.getEnd(), expression: `b.${name}`, uses: [name] });
    } else if (Node.isStringLiteral(node) && node.getLiteralText().startsWith("$")) {
      const name = node.getLiteralText().slice(1);
      holes.push({ from: node.getStart(), to: node.getEnd(), expression: `quote(b.${name})`, uses: [name] });
    }
  }
  return holes.sort((a, b) => a.from - b.from);
}

/** A doc comment is laid out when it is emitted: how many lines it has is known only then. */
function docHole(node: JSDoc, { source, from }: Piece): Hole {
  const start = node.getStart();
  const text = source.getFullText();
  const indent = text.slice(text.lastIndexOf("\n", start) + 1, start);
  if (indent.trim() !== "" && start !== from) throw new Error(`${where(source, start)}: a doc comment behind code`);
  const lines = node
    .getText()
    .replace(/^\/\*\*[ \n]*|[ \n]*\*\/$/g, "")
    .split("\n")
    .map((line) => line.replace(/^\s*\* ?/, ""));
  const parts = lines.map((line) =>
    /^\$\w+$/.test(line)
      ? `...b.${line.slice(1)}`
      : `\`${quoteLiteral(line).replace(/\$(\w+)/g, (_, name) => `\${b.${name}}`)}\``,
  );
  const rest = text.slice(node.getEnd());
  return {
    from: start,
    to: node.getEnd() + (rest.length - rest.trimStart().length),
    expression: `doc(${JSON.stringify(indent)}, [${parts.join(", ")}])`,
    uses: [...node.getText().matchAll(/\$(\w+)/g)].map((match) => match[1]!),
  };
}

/** All nodes of the piece, doc comments among them but not what is inside these. */
function nodesIn({ source, from, to }: Piece): Node[] {
  return source
    .getDescendants()
    .flatMap((node) => (Node.isJSDocable(node) ? [node, ...node.getJsDocs()] : [node]))
    .filter((node) => node.getStart() >= from && node.getEnd() <= to)
    .filter((node, index, all) => all.indexOf(node) === index)
    .filter((node) => !node.getFirstAncestorByKind(SyntaxKind.JSDoc));
}

function literalText(source: SourceFile, from: number, to: number): string {
  const text = source.getFullText().slice(from, to);
  const unbound = /\$\w+/.exec(text);
  if (unbound !== null) throw new Error(`${where(source, from + unbound.index)}: unbound placeholder ${unbound[0]}`);
  return quoteLiteral(text);
}

function quoteLiteral(text: string): string {
  return text.replace(/[\\`]/g, "\\$&");
}

function where(source: SourceFile, at: number): string {
  const { line, column } = source.getLineAndColumnAtPos(at);
  return `${source.getFilePath()}:${line}:${column}`;
}
