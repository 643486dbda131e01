import { type SourceFile, SyntaxKind } from "ts-morph";

/** An import declaration of the user's. */
export interface ExistingImport {
  readonly module: string;
  /** `import type { … }` */
  readonly typeOnly: boolean;
  readonly named: readonly { readonly name: string; readonly local: string; readonly typeOnly: boolean }[];
  /** `import * as stubs` */
  readonly namespace: string | undefined;
  /** Where one more name goes, and what stands between two: `, ` or a comma and a line break. */
  readonly more: { readonly at: number; readonly separator: string } | undefined;
  readonly end: number;
}

export function importsOf(file: SourceFile): readonly ExistingImport[] {
  return file.getImportDeclarations().map((declaration) => {
    const named = declaration.getNamedImports();
    const [last, before] = [named.at(-1), named.at(-2)];
    const gap = last === undefined ? "" : file.getFullText().slice(before?.getEnd() ?? last.getPos(), last.getStart());
    const white = /(\r?\n[ \t]*)$/.exec(gap)?.[1];
    return {
      module: declaration.getModuleSpecifierValue(),
      typeOnly: declaration.isTypeOnly(),
      named: named.map((one) => ({
        name: one.getName(),
        local: one.getAliasNode()?.getText() ?? one.getName(),
        typeOnly: declaration.isTypeOnly() || one.isTypeOnly(),
      })),
      namespace: declaration.getNamespaceImport()?.getText(),
      more: last === undefined ? undefined : { at: last.getEnd(), separator: `,${white ?? " "}` },
      end: declaration.getEnd(),
    };
  });
}

/** Names of the module's own scope. */
export function topNames(file: SourceFile): ReadonlySet<string> {
  const names = new Set<string>();
  for (const declaration of file.getImportDeclarations()) {
    const own = [declaration.getDefaultImport(), declaration.getNamespaceImport()];
    for (const node of own) if (node !== undefined) names.add(node.getText());
    for (const one of declaration.getNamedImports()) names.add(one.getAliasNode()?.getText() ?? one.getName());
  }
  for (const statement of file.getStatements()) {
    const variables = statement.asKind(SyntaxKind.VariableStatement);
    if (variables !== undefined) {
      // Patterns too: every identifier in them is taken.
      for (const declaration of variables.getDeclarations()) {
        const name = declaration.getNameNode();
        names.add(name.getText());
        for (const inner of name.getDescendantsOfKind(SyntaxKind.Identifier)) names.add(inner.getText());
      }
      continue;
    }
    const name = statement.getFirstChildByKind(SyntaxKind.Identifier);
    if (name !== undefined) names.add(name.getText());
  }
  return names;
}
