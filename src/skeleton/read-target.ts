import { type ClassDeclaration, type ClassExpression, Node, type SourceFile, SyntaxKind } from "ts-morph";
import type { References } from "./references.js";

/** The class or object that implements a service. */
export interface Target {
  readonly style: "class" | "object";
  /** As people would call it: `class Weather`, `const weather`. */
  readonly shown: string;
  readonly line: number;
  readonly column: number;
  /** Extends the class of stubs that answers UNIMPLEMENTED: methods override. */
  readonly overrides: boolean;
  /** What else may bring methods, and cannot be seen from here: `Base`, `...others`. */
  readonly unseen: string | undefined;
  readonly members: readonly Member[];
  /** Offsets of the braces. */
  readonly open: number;
  readonly close: number;
}

export interface Member {
  readonly name: string;
  /** With its doc comment. */
  readonly start: number;
  readonly end: number;
  /** Comments before it. */
  readonly comments: string;
  /** Objects: behind the comma, where there is one. */
  readonly comma: number | undefined;
}

/** All classes and objects of a file that say that they implement the service. */
export function findTargets(file: SourceFile, refs: References): readonly Target[] {
  const classes = file
    .getDescendants()
    .filter((node) => Node.isClassDeclaration(node) || Node.isClassExpression(node))
    .flatMap((node) => classTarget(node, refs, file));
  return [...classes, ...objectTargets(file, refs)];
}

function classTarget(node: ClassDeclaration | ClassExpression, refs: References, file: SourceFile): Target[] {
  const base = node.getExtends()?.getExpression().getText();
  const overrides = base !== undefined && refs.unimplemented.has(base);
  const says = node.getImplements().some((one) => refs.handlers.has(one.getExpression().getText()));
  if (!says && !overrides) return [];
  const inherited = overrides || base === undefined ? [] : membersOfBase(base, file);
  const own = node.getInstanceMembers().flatMap((member) => memberOf(member));
  const open = node.getFirstChildByKindOrThrow(SyntaxKind.OpenBraceToken).getStart();
  return [
    {
      style: "class",
      shown: `class ${node.getName() ?? "without a name"}`,
      ...file.getLineAndColumnAtPos(node.getStart()),
      overrides,
      unseen: inherited === undefined ? base : undefined,
      members: [...own, ...(inherited ?? []).map((name) => ({ ...nowhere, name }))],
      open,
      close: node.getEnd() - 1,
    },
  ];
}

/** A member that stands somewhere else. */
const nowhere = { start: -1, end: -1, comments: "", comma: undefined } as const;

/** Names of what a base class brings, or undefined where that cannot be told from this file. */
function membersOfBase(base: string, file: SourceFile, depth = 0): readonly string[] | undefined {
  const node = file.getClass(base);
  if (node === undefined || depth > 20) return undefined;
  const next = node.getExtends()?.getExpression().getText();
  const inherited = next === undefined ? [] : membersOfBase(next, file, depth + 1);
  if (inherited === undefined) return undefined;
  return [...node.getInstanceMembers().flatMap((member) => memberOf(member).map(({ name }) => name)), ...inherited];
}

function objectTargets(file: SourceFile, refs: References): readonly Target[] {
  const found = new Map<Node, string>();
  const take = (node: Node | undefined, shown: string): void => {
    const object = node === undefined ? undefined : bare(node);
    if (Node.isObjectLiteralExpression(object)) found.set(object, shown);
  };
  for (const node of file.getDescendants()) {
    if (Node.isVariableDeclaration(node) && refs.handlers.has(node.getTypeNode()?.getText() ?? "")) {
      take(node.getInitializer(), `const ${node.getName()}`);
    } else if (Node.isSatisfiesExpression(node) && refs.handlers.has(node.getTypeNode()?.getText() ?? "")) {
      take(node.getExpression(), "an object");
    } else if (Node.isCallExpression(node)) {
      const [service, handlers] = node.getArguments();
      if (service !== undefined && refs.service.has(service.getText())) take(handlers, "an object");
    }
  }
  return [...found].map(([node, shown]) => {
    const object = node.asKindOrThrow(SyntaxKind.ObjectLiteralExpression);
    const spread = object.getProperties().find((property) => Node.isSpreadAssignment(property));
    return {
      style: "object",
      shown,
      ...file.getLineAndColumnAtPos(object.getStart()),
      overrides: false,
      unseen: spread?.getText(),
      members: object.getProperties().flatMap((property) => memberOf(property)),
      open: object.getStart(),
      close: object.getEnd() - 1,
    };
  });
}

/** Without parentheses, `as` and `satisfies`. */
function bare(node: Node): Node {
  if (Node.isParenthesizedExpression(node) || Node.isAsExpression(node) || Node.isSatisfiesExpression(node)) {
    return bare(node.getExpression());
  }
  return node;
}

function memberOf(node: Node): Member[] {
  const name = nameOf(node);
  if (name === undefined) return [];
  const start = node.getStart(true);
  const comments = node.getSourceFile().getFullText().slice(node.getPos(), node.getStart());
  const comma = node.getNextSiblingIfKind(SyntaxKind.CommaToken)?.getEnd();
  return [{ name, start, end: node.getEnd(), comments, comma }];
}

function nameOf(node: Node): string | undefined {
  if (!Node.hasName(node) && !Node.isPropertyNamed(node)) return undefined;
  const name = node.getNameNode();
  if (Node.isStringLiteral(name)) return name.getLiteralText();
  if (Node.isComputedPropertyName(name)) {
    const inner = name.getExpression();
    return Node.isStringLiteral(inner) || Node.isNoSubstitutionTemplateLiteral(inner)
      ? inner.getLiteralText()
      : undefined;
  }
  return name.getText();
}
