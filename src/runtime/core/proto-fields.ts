/**
 * Reads single fields of encoded protobuf messages, without their types: for the few messages that the runtime itself must
 * understand. https://protobuf.dev/programming-guides/encoding/
 */

/** One field as it stands on the wire: a varint's number, or the bytes of a length-delimited one. */
interface WireField {
  readonly number: number;
  readonly value: number | Uint8Array | undefined;
}

/** The length-delimited fields of this number in a message, in order. Stops where the bytes are no message. */
export function fieldsOf(bytes: Uint8Array, wanted: number): Uint8Array[] {
  const found: Uint8Array[] = [];
  for (const { number, value } of wireFields(bytes)) {
    if (number === wanted && value instanceof Uint8Array) found.push(value);
  }
  return found;
}

/** The varint of this number, the last where there are several; undefined where there is none. Exact below 2^53. */
export function varintOf(bytes: Uint8Array, wanted: number): number | undefined {
  let found: number | undefined;
  for (const { number, value } of wireFields(bytes)) {
    if (number === wanted && typeof value === "number") found = value;
  }
  return found;
}

function* wireFields(bytes: Uint8Array): Generator<WireField> {
  let at = 0;
  const readVarint = (): number => {
    let value = 0;
    for (let shift = 0; at < bytes.length; shift += 7) {
      const byte = bytes[at++]!; // at < length
      if (shift < 64) value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    return Number.NaN;
  };
  while (at < bytes.length) {
    const tag = readVarint();
    const [number, type] = [Math.floor(tag / 8), tag % 8];
    if (type === 0) yield { number, value: readVarint() };
    else if (type === 1) at += 8;
    else if (type === 5) at += 4;
    else if (type !== 2) return;
    else {
      const length = readVarint();
      if (!(at + length <= bytes.length)) return;
      yield { number, value: bytes.subarray(at, at + length) };
      at += length;
    }
  }
}
