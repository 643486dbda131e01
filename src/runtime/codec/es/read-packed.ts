import type { ByteReader } from "./byte-reader.js";
import type { FieldPlan } from "./plan.js";
import { readScalar } from "./read-scalar.js";
import { unusual } from "./unusual.js";

/** Reads length and values into `list`. The most common types have their own loops. */
export function readPacked(input: ByteReader, field: FieldPlan, list: unknown[]): void {
  const length = input.varint32();
  const end = input.position + length;
  if (end > input.end) throw unusual;
  // The numbers are those of ScalarType.
  switch (field.scalar) {
    case 5: // int32 and enums
      while (input.position < end) list.push(input.varint32() | 0);
      break;
    case 13: // uint32
      while (input.position < end) list.push(input.varint32());
      break;
    case 1: // double
      while (input.position < end) list.push(input.double());
      break;
    case 2: // float
      while (input.position < end) list.push(input.float());
      break;
    default:
      while (input.position < end) list.push(readScalar(input, field));
  }
  if (input.position !== end) throw unusual;
}
