import type { ByteReader } from "./byte-reader.js";
import type { FieldPlan } from "./plan.js";
import { readString } from "./read-string.js";
import { unusual } from "./unusual.js";

/** Reads one value, without its tag, as protobuf-es represents it. */
export function readScalar(input: ByteReader, field: FieldPlan): unknown {
  // The numbers are those of ScalarType, which are those of FieldDescriptorProto.Type.
  switch (field.scalar) {
    case 5: // int32 and enums
      return input.varint32() | 0;
    case 9: // string
      return readString(input, field.strictUtf8);
    case 13: // uint32
      return input.varint32();
    case 8: // bool
      return input.bool();
    case 1: // double
      return input.double();
    case 2: // float
      return input.float();
    case 12: {
      // bytes
      const length = input.varint32();
      const start = input.take(length);
      return input.part(start, start + length);
    }
    case 17: {
      // sint32
      const zigzag = input.varint32();
      return (zigzag >>> 1) ^ -(zigzag & 1);
    }
    case 7: // fixed32
      return input.fixed32() >>> 0;
    case 15: // sfixed32
      return input.fixed32();
    default: {
      const long = readLong(input, field.scalar);
      return field.longAsString ? String(long) : long;
    }
  }
}

function readLong(input: ByteReader, scalar: number): bigint {
  switch (scalar) {
    case 3: // int64
      return input.signed64();
    case 4: // uint64
      return input.unsigned64();
    case 6: // fixed64
      return input.unsignedFixed64();
    case 16: // sfixed64
      return input.signedFixed64();
    case 18: // sint64
      return input.zigzag64();
    default:
      throw unusual;
  }
}
