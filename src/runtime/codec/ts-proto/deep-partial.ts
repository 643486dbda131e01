/**
 * What may be given for a ts-proto message, for every shape its options give a message: some of the fields, at any depth.
 * The same as the `DeepPartial` that ts-proto puts into each file, except that a Map has to be one, and that an explicit
 * `undefined` means "not set" under `exactOptionalPropertyTypes` too, as `fromPartial` has it.
 */
export type DeepPartial<T> = unknown extends T
  ? T
  : T extends Whole
    ? T
    : T extends bigint | LongLike
      ? T | string | number
      : T extends readonly (infer Item)[]
        ? readonly DeepPartial<Item>[]
        : T extends ReadonlyMap<infer Key, infer Value>
          ? ReadonlyMap<Key, DeepPartial<Value>>
          : T extends { readonly $case: string }
            ? Pick<T, "$case"> & { [Key in Exclude<keyof T, "$case">]?: DeepPartial<T[Key]> | undefined }
            : T extends object
              ? { [Key in keyof T]?: DeepPartial<T[Key]> | undefined }
              : T;

// Date and Uint8Array are what Timestamp and bytes become; the rest has no parts.
/** Types of which an init shape must give the whole value. */
type Whole =
  | Date
  | Uint8Array
  | string
  | number
  | boolean
  | symbol
  | null
  | undefined
  | ((...args: never[]) => unknown);

// `Long` of the package "long", which `forceLong=long` puts into messages. Messages have no methods.
/** As `long` has it: the integers of ts-proto with `forceLong=long`. */
interface LongLike {
  /** Whether the 64 bits are a number without a sign. */
  readonly unsigned: boolean;
  /** The eight bytes, the lowest first. */
  toBytesLE(): number[];
}
