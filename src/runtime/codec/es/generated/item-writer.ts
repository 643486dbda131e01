import { ByteWriter } from "../byte-writer.js";
import { unusual } from "../unusual.js";
import { float32Max, longOf } from "../write-scalar.js";

/** Room for a tag and any scalar but strings and bytes. */
export const scalarRoom = 15;

/** Writes values without a tag, as in packed lists. Throws for what is not of the type. */
export class ItemWriter extends ByteWriter {
  int32Item(value: unknown): void {
    if (typeof value !== "number" || (value | 0) !== value) throw unusual;
    this.ensure(scalarRoom);
    this.int32(value);
  }

  uint32Item(value: unknown): void {
    if (typeof value !== "number" || value >>> 0 !== value) throw unusual;
    this.ensure(scalarRoom);
    this.varint32(value);
  }

  sint32Item(value: unknown): void {
    if (typeof value !== "number" || (value | 0) !== value) throw unusual;
    this.ensure(scalarRoom);
    this.varint32(((value << 1) ^ (value >> 31)) >>> 0);
  }

  fixed32Item(value: unknown): void {
    if (typeof value !== "number" || value >>> 0 !== value) throw unusual;
    this.ensure(scalarRoom);
    this.fixed32(value);
  }

  sfixed32Item(value: unknown): void {
    if (typeof value !== "number" || (value | 0) !== value) throw unusual;
    this.ensure(scalarRoom);
    this.fixed32(value);
  }

  boolItem(value: unknown): void {
    if (typeof value !== "boolean") throw unusual;
    this.ensure(1);
    this.bytes[this.position++] = value ? 1 : 0;
  }

  doubleItem(value: unknown): void {
    if (typeof value !== "number") throw unusual;
    this.ensure(scalarRoom);
    this.double(value);
  }

  floatItem(value: unknown): void {
    if (typeof value !== "number") throw unusual;
    if ((value > float32Max || value < -float32Max) && Number.isFinite(value)) throw unusual;
    this.ensure(scalarRoom);
    this.float(value);
  }

  int64Item(value: unknown): void {
    const long = typeof value === "bigint" ? value : longOf(value);
    if (BigInt.asIntN(64, long) !== long) throw unusual;
    this.ensure(scalarRoom);
    this.bigintVarint(long);
  }

  uint64Item(value: unknown): void {
    const long = typeof value === "bigint" ? value : longOf(value);
    if (BigInt.asUintN(64, long) !== long) throw unusual;
    this.ensure(scalarRoom);
    this.bigintVarint(long);
  }

  sint64Item(value: unknown): void {
    const long = typeof value === "bigint" ? value : longOf(value);
    if (BigInt.asIntN(64, long) !== long) throw unusual;
    this.ensure(scalarRoom);
    this.bigintZigzag(long);
  }

  fixed64Item(value: unknown): void {
    const long = typeof value === "bigint" ? value : longOf(value);
    if (BigInt.asUintN(64, long) !== long) throw unusual;
    this.ensure(scalarRoom);
    this.bigintFixed(long);
  }

  sfixed64Item(value: unknown): void {
    const long = typeof value === "bigint" ? value : longOf(value);
    if (BigInt.asIntN(64, long) !== long) throw unusual;
    this.ensure(scalarRoom);
    this.bigintFixed(long);
  }
}
