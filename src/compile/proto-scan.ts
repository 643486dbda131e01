/** What the head of a `.proto` file says, found without a parser. */
export interface ProtoHead {
  /** `""` for no package. */
  readonly package: string;
  readonly imports: readonly string[];
}

/**
 * Matches imports (group 2: the name), package statements (group 3) and all that may hold what looks like one: comments and
 * string literals, which come first.
 */
export const statementTokens: RegExp =
  /\/\*[\s\S]*?\*\/|\/\/[^\n]*|\bimport\s+(?:public\s+|weak\s+|option\s+)?(["'])([^"'\n]*)\1\s*;|\bpackage\s+([\w.\s]+?)\s*;|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g;

/** Reads package and imports from a `.proto` file's text. A guess good enough to find import roots: protoc has the last word. */
export function scanProto(text: string): ProtoHead {
  const imports: string[] = [];
  let name = "";
  for (const match of text.matchAll(statementTokens)) {
    if (match[2] !== undefined) imports.push(match[2]);
    else if (match[3] !== undefined && name === "") name = match[3].replace(/\s+/g, "");
  }
  return { package: name, imports };
}
