import { type WireField, WireReader } from "./wire-reader.js";

/** A message that has not been decoded: some bytes of the request. */
export interface Range {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
}

/** Calls `visit` for each field. What it gets is valid during the call. */
export function forEachField(
  { bytes, start, end }: Range,
  visit: (field: WireField, reader: WireReader) => void,
): void {
  const reader = new WireReader(bytes, start, end);
  for (let field = reader.next(); field !== undefined; field = reader.next()) visit(field, reader);
}

/** A field of bytes as text. Bytes that are no UTF-8 become U+FFFD. */
export function text({ bytes }: Range, { start, end }: WireField): string {
  return bytes.toString("utf8", start, end);
}

export function range({ bytes }: Range, { start, end }: WireField): Range {
  return { bytes, start, end };
}

/** Whether the last occurrence of a boolean field is true; `ranges` are the occurrences of its message, which merge. */
export function flag(ranges: readonly Range[], number: number): boolean {
  return varint(ranges, number) !== 0;
}

/** A number or an enum of a message that came in these parts: the last one counts. 0 where it is absent. */
export function varint(ranges: readonly Range[], number: number): number {
  let value = 0;
  for (const one of ranges) {
    forEachField(one, (field) => {
      if (field.number === number && field.type === 0) value = field.value;
    });
  }
  return value;
}
