import type { ByteWriter } from "./byte-writer.js";
import type { FieldPlan } from "./plan.js";
import { unusual } from "./unusual.js";
import { writeString } from "./write-string.js";

/** Room for a tag and any scalar but strings and bytes. */
const scalarRoom = 15;
/** Tells {@link writeScalar} to write no tag, as inside of a packed list. */
export const noTag = 0;

/**
 * Writes the tag and the value, with the checks of protobuf-es' BinaryWriter. `skipZero`: writes nothing where the value
 * is zero, as for fields without presence.
 */
export function writeScalar(out: ByteWriter, field: FieldPlan, tag: number, value: unknown, skipZero: boolean): void {
  // The numbers are those of ScalarType, which are those of FieldDescriptorProto.Type.
  switch (field.scalar) {
    case 5: // int32 and enums
      if (typeof value !== "number" || (value | 0) !== value) throw unusual;
      if (skipZero && value === field.zero) return;
      writeTag(out, tag);
      out.int32(value);
      return;
    case 9: // string
      if (typeof value !== "string") throw unusual;
      if (skipZero && value === "") return;
      writeTag(out, tag);
      writeString(out, value);
      return;
    case 13: // uint32
      if (typeof value !== "number" || value >>> 0 !== value) throw unusual;
      if (skipZero && value === 0) return;
      writeTag(out, tag);
      out.varint32(value);
      return;
    case 8: // bool
      if (typeof value !== "boolean") throw unusual;
      if (skipZero && !value) return;
      writeTag(out, tag);
      out.bytes[out.position++] = value ? 1 : 0;
      return;
    case 1: // double
      if (typeof value !== "number") throw unusual;
      // -0 is not zero: Object.is tells them apart.
      if (skipZero && Object.is(value, 0)) return;
      writeTag(out, tag);
      out.double(value);
      return;
    case 2: // float
      if (typeof value !== "number") throw unusual;
      if (skipZero && Object.is(value, 0)) return;
      if ((value > float32Max || value < -float32Max) && Number.isFinite(value)) throw unusual;
      writeTag(out, tag);
      out.float(value);
      return;
    case 12: // bytes
      if (!(value instanceof Uint8Array)) throw unusual;
      if (skipZero && value.byteLength === 0) return;
      writeTag(out, tag);
      out.varint32(value.length);
      out.raw(value);
      return;
    case 17: // sint32
      if (typeof value !== "number" || (value | 0) !== value) throw unusual;
      if (skipZero && value === 0) return;
      writeTag(out, tag);
      out.varint32(((value << 1) ^ (value >> 31)) >>> 0);
      return;
    case 7: // fixed32
      if (typeof value !== "number" || value >>> 0 !== value) throw unusual;
      if (skipZero && value === 0) return;
      writeTag(out, tag);
      out.fixed32(value);
      return;
    case 15: // sfixed32
      if (typeof value !== "number" || (value | 0) !== value) throw unusual;
      if (skipZero && value === 0) return;
      writeTag(out, tag);
      out.fixed32(value);
      return;
    default:
      writeLong(out, field, tag, value, skipZero);
  }
}

function writeLong(out: ByteWriter, field: FieldPlan, tag: number, value: unknown, skipZero: boolean): void {
  const long = typeof value === "bigint" ? value : longOf(value);
  if (skipZero && long === 0n) return;
  switch (field.scalar) {
    case 3: // int64
      if (BigInt.asIntN(64, long) !== long) throw unusual;
      writeTag(out, tag);
      out.bigintVarint(long);
      return;
    case 4: // uint64
      if (BigInt.asUintN(64, long) !== long) throw unusual;
      writeTag(out, tag);
      out.bigintVarint(long);
      return;
    case 6: // fixed64
      if (BigInt.asUintN(64, long) !== long) throw unusual;
      writeTag(out, tag);
      out.bigintFixed(long);
      return;
    case 16: // sfixed64
      if (BigInt.asIntN(64, long) !== long) throw unusual;
      writeTag(out, tag);
      out.bigintFixed(long);
      return;
    case 18: // sint64
      if (BigInt.asIntN(64, long) !== long) throw unusual;
      writeTag(out, tag);
      out.bigintZigzag(long);
      return;
    default:
      throw unusual;
  }
}

/** 64-bit integers may be given as decimal strings and whole numbers too. */
export function longOf(value: unknown): bigint {
  if (typeof value === "string" && /^-?\d+$/.test(value)) return BigInt(value);
  if (typeof value === "number" && Number.isInteger(value)) return BigInt(value);
  throw unusual;
}

export function writeTag(out: ByteWriter, tag: number): void {
  out.ensure(scalarRoom);
  if (tag === noTag) return;
  if (tag < 0x80) out.bytes[out.position++] = tag;
  else out.varint32(tag);
}

/** The largest 32-bit float. A larger, finite number does not fit. */
export const float32Max = 3.4028234663852886e38;
