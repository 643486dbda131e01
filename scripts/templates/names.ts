import { Node, type SourceFile, type Statement, SyntaxKind } from "ts-morph";

/** The identifiers of a statement that no name from a .proto file may shadow: imports, globals, parameters. */
export function freeNames(statement: Statement): string[] {
  return statement
    .getDescendantsOfKind(SyntaxKind.Identifier)
    .filter((identifier) => identifier.getFirstAncestorByKind(SyntaxKind.JSDoc) === undefined)
    .filter((identifier) => !identifier.getText().startsWith("$") && !isMemberName(identifier))
    .map((identifier) => identifier.getText());
}

/** Names that a template imports from a package, by their local name. */
export function packageImports(source: SourceFile): Map<string, { module: string; name: string; typeOnly: boolean }> {
  const imports = new Map<string, { module: string; name: string; typeOnly: boolean }>();
  for (const declaration of source.getImportDeclarations()) {
    const module = declaration.getModuleSpecifierValue();
    if (module.startsWith(".")) continue;
    for (const specifier of declaration.getNamedImports()) {
      const name = specifier.getName();
      imports.set(name, { module, name, typeOnly: specifier.isTypeOnly() || declaration.isTypeOnly() });
    }
  }
  return imports;
}

/** `b` in `a.b`, or a member's own name. */
export function isMemberName(identifier: Node): boolean {
  const parent = identifier.getParent();
  if (Node.isPropertyAccessExpression(parent)) return parent.getNameNode() === identifier;
  return isMember(parent) && parent.getNameNode() === identifier;
}

export type Member = Node & { getNameNode(): Node };

export function isMember(node: Node | undefined): node is Member {
  return (
    Node.isMethodDeclaration(node) ||
    Node.isMethodSignature(node) ||
    Node.isPropertyAssignment(node) ||
    Node.isPropertyDeclaration(node) ||
    Node.isPropertySignature(node)
  );
}
