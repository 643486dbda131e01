import { placeAt } from "../text/place.js";
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
    statements.push({ name: match[2], file, ...placeAt(text, match.index) });
  }
  return statements;
}
