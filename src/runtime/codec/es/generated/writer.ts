import { unusual } from "../unusual.js";
import { longOf } from "../write-scalar.js";
import { writeString } from "../write-string.js";
import { ItemWriter, scalarRoom } from "./item-writer.js";

/**
 * What generated write functions write to, with the checks of protobuf-es' BinaryWriter. Throws for whatever does not match the schema;
 * the codec then lets protobuf-es write the message.
 */
export class Writer extends ItemWriter {
  /**
   * Refuses a message whose prototype is not its type's, because an inherited property could be taken for a set field. `strict`: refuses
   * init shapes too. Inside of a message there must be messages; protobuf-es takes init shapes only inside of init shapes.
   */
  check(value: object, isMessage: boolean, strict: boolean, prototype?: unknown): void {
    if (isMessage) {
      // Before any choice of the prototype, a default of the parameter too: V8 knows the answer only where no branches joined since it learned the shape.
      const actual = Object.getPrototypeOf(value);
      if (actual !== (prototype ?? Object.prototype)) throw unusual;
    } else if (strict || typeof value !== "object" || Array.isArray(value)) throw unusual;
  }

  /** Called for a field without presence that has no value. Only an init shape may leave it out. */
  absent(value: unknown, isMessage: boolean): void {
    if (isMessage || (value !== undefined && value !== null)) throw unusual;
  }

  /** Called for a required field that is not set. */
  missing(): never {
    throw unusual;
  }

  /** Whether a message has a field itself, and not from its prototype. */
  has(message: object, property: string): boolean {
    return Object.hasOwn(message, property);
  }

  list<Item>(value: readonly Item[] | null | undefined, isMessage: boolean): readonly Item[] {
    if (Array.isArray(value)) return value;
    this.absent(value, isMessage);
    return [];
  }

  map<Value>(
    value: { readonly [key: number]: Value } | null | undefined,
    isMessage: boolean,
  ): Readonly<Record<string, Value>> {
    // protoc-gen-es gives some maps keys of type number; in the object they are strings.
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, Value>;
    this.absent(value, isMessage);
    return {};
  }

  /** A key of a map<bool, …>. */
  boolKey(key: string): boolean {
    if (key !== "true" && key !== "false") throw unusual;
    return key === "true";
  }

  /** The value of a oneof that an init shape leaves out. */
  noOneof(isMessage: boolean): { case: undefined; value?: undefined } {
    if (isMessage) throw unusual;
    return { case: undefined };
  }

  /** Writes a tag, and leaves `room` bytes for a length. Returns where, for {@link closeLength}. */
  begin(tag: number, room: number): number {
    this.tag(tag);
    return this.openLength(room);
  }

  /** Writes a tag, and makes room for any scalar behind it. */
  tag(tag: number): void {
    this.ensure(scalarRoom);
    if (tag < 0x80) this.bytes[this.position++] = tag;
    else this.varint32(tag);
  }

  // Fields. Where `isMessage` is false, undefined and null are allowed, and write nothing.

  int32Field(tag: number, value: unknown, isMessage = true): void {
    if (typeof value === "number") {
      this.tag(tag);
      this.int32Item(value);
    } else this.absent(value, isMessage);
  }

  uint32Field(tag: number, value: unknown, isMessage = true): void {
    if (typeof value === "number") {
      this.tag(tag);
      this.uint32Item(value);
    } else this.absent(value, isMessage);
  }

  sint32Field(tag: number, value: unknown, isMessage = true): void {
    if (typeof value === "number") {
      this.tag(tag);
      this.sint32Item(value);
    } else this.absent(value, isMessage);
  }

  fixed32Field(tag: number, value: unknown, isMessage = true): void {
    if (typeof value === "number") {
      this.tag(tag);
      this.fixed32Item(value);
    } else this.absent(value, isMessage);
  }

  sfixed32Field(tag: number, value: unknown, isMessage = true): void {
    if (typeof value === "number") {
      this.tag(tag);
      this.sfixed32Item(value);
    } else this.absent(value, isMessage);
  }

  boolField(tag: number, value: unknown, isMessage = true): void {
    if (typeof value === "boolean") {
      this.tag(tag);
      this.boolItem(value);
    } else this.absent(value, isMessage);
  }

  doubleField(tag: number, value: unknown, isMessage = true): void {
    if (typeof value === "number") {
      this.tag(tag);
      this.doubleItem(value);
    } else this.absent(value, isMessage);
  }

  floatField(tag: number, value: unknown, isMessage = true): void {
    if (typeof value === "number") {
      this.tag(tag);
      this.floatItem(value);
    } else this.absent(value, isMessage);
  }

  stringField(tag: number, value: unknown, isMessage = true): void {
    if (typeof value === "string") {
      this.tag(tag);
      writeString(this, value);
    } else this.absent(value, isMessage);
  }

  /** Init shapes may give bytes as an array of numbers. */
  bytesField(tag: number, value: unknown, isMessage: boolean): void {
    if (value instanceof Uint8Array) this.data(tag, value);
    else if (!isMessage && Array.isArray(value)) this.data(tag, new Uint8Array(value));
    else throw unusual;
  }

  /** The same for a field without presence. */
  implicitBytes(tag: number, value: unknown, isMessage: boolean): void {
    if (value instanceof Uint8Array) {
      if (value.length > 0) this.data(tag, value);
    } else if (!isMessage && Array.isArray(value)) {
      if (value.length > 0) this.data(tag, new Uint8Array(value));
    } else this.absent(value, isMessage);
  }

  // 64 bits: decimal strings and whole numbers are taken too. `implicit` fields have no presence, and no zero is written.

  int64Field(tag: number, value: unknown): void {
    this.tag(tag);
    this.int64Item(value);
  }

  uint64Field(tag: number, value: unknown): void {
    this.tag(tag);
    this.uint64Item(value);
  }

  sint64Field(tag: number, value: unknown): void {
    this.tag(tag);
    this.sint64Item(value);
  }

  fixed64Field(tag: number, value: unknown): void {
    this.tag(tag);
    this.fixed64Item(value);
  }

  sfixed64Field(tag: number, value: unknown): void {
    this.tag(tag);
    this.sfixed64Item(value);
  }

  /** Whether a 64-bit integer without presence is to be written. */
  isLong(value: unknown, isMessage: boolean): boolean {
    if (typeof value === "bigint") return value !== 0n;
    if (value !== undefined && value !== null) return longOf(value) !== 0n;
    this.absent(value, isMessage);
    return false;
  }

  private data(tag: number, value: Uint8Array): void {
    this.tag(tag);
    this.varint32(value.length);
    this.raw(value);
  }
}
