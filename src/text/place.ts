/** A place in a text, counted as protoc counts. */
export interface Place {
  /** 1-based. */
  readonly line: number;
  /** 1-based, in bytes, a tab reaching to the next multiple of 8. */
  readonly column: number;
  /** The text of the line. */
  readonly source: string;
}

/** Where an offset of a text is. */
export function placeAt(text: string, offset: number): Place {
  const before = text.slice(0, offset);
  const start = before.lastIndexOf("\n") + 1;
  const end = text.indexOf("\n", offset);
  const source = text.slice(start, end < 0 ? undefined : end).replace(/\r$/, "");
  return { line: before.split("\n").length, column: columnOf(before.slice(start)), source };
}

function columnOf(before: string): number {
  let column = 0;
  for (const char of before.replace(/^\uFEFF/, "")) {
    column += char === "\t" ? 8 - (column % 8) : Buffer.byteLength(char);
  }
  return column + 1;
}
