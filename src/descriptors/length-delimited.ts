import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";

/** The fields of an encoded message that have bytes (messages and texts), by number, in their order. */
export function* lengthDelimited(bytes: Uint8Array): Generator<readonly [number: number, value: Uint8Array]> {
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [number, type] = reader.tag();
    if (type === WireType.LengthDelimited) yield [number, reader.bytes()];
    else reader.skip(type, number);
  }
}
