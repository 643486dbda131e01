import { statementTokens } from "./proto-scan.js";

/** An import, where it is written. */
export interface ImportStatement {
  readonly name: string;
  /** Absolute path of the file it stands in. */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based, counted as protoc counts: bytes, a tab reaching to the next multiple of 8. */
  readonly column: number;
  /** The text of the line. */
  readonly source: string;
}

/** The imports of a `.proto` file, with their places. */
export function importStatements(text: string, file: string): readonly ImportStatement[] {
  const statements: ImportStatement[] = [];
  for (const match of text.matchAll(statementTokens)) {
    if (match[2] === undefined) continue;
    const before = text.slice(0, match.index);
    const start = before.lastIndexOf("\n") + 1;
    const end = text.indexOf("\n", match.index);
    const source = text.slice(start, end < 0 ? undefined : end).replace(/\r$/, "");
    const line = before.split("\n").length;
    statements.push({ name: match[2], file, line, column: columnOf(before.slice(start)), source });
  }
  return statements;
}

function columnOf(before: string): number {
  let column = 0;
  for (const char of before.replace(/^\uFEFF/, "")) {
    column += char === "\t" ? 8 - (column % 8) : Buffer.byteLength(char);
  }
  return column + 1;
}
