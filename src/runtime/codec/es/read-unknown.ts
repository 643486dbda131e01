import type { UnknownField } from "@bufbuild/protobuf";
import { BinaryReader } from "@bufbuild/protobuf/wire";
import type { ByteReader } from "./byte-reader.js";
import { unusual } from "./unusual.js";

/** Keeps a field that the schema does not know. `recursionLimit` is how many more levels of groups may follow. */
export function readUnknown(input: ByteReader, number: number, wireType: number, recursionLimit: number): UnknownField {
  const start = input.position;
  switch (wireType) {
    case 0:
      while (input.bytes[input.take(1)]! >= 0x80);
      break;
    case 1:
      input.take(8);
      break;
    case 2:
      input.take(input.varint32());
      break;
    case 3: {
      const reader = new BinaryReader(input.bytes);
      reader.pos = start;
      reader.skip(wireType, number, recursionLimit);
      input.position = reader.pos;
      break;
    }
    case 5:
      input.take(4);
      break;
    default:
      throw unusual;
  }
  return { no: number, wireType, data: input.part(start, input.position) };
}
