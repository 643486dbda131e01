import { fromBinary } from "@bufbuild/protobuf";
import { StructSchema } from "@bufbuild/protobuf/wkt";

function fieldsOf(...entry: number[]): object {
  return fromBinary(StructSchema, Uint8Array.of(0x0a, entry.length, ...entry)).fields;
}

const proto = [...new TextEncoder().encode("__proto__")];
/** `list_value { values { bool_value: true } }` */
const listOfOne = [0x12, 6, 0x32, 4, 0x0a, 2, 0x20, 1];
const twice = fieldsOf(0x0a, 1, 0x6b, ...listOfOne, ...listOfOne);

/** What the protobuf-es that is installed can be asked; from 2.16 on it is right in both. */
export const oracle = {
  /** Map entries named `__proto__` are kept. */
  keepsProtoKeys: Object.keys(fieldsOf(0x0a, proto.length, ...proto, 0x12, 0)).length === 1,
  /** A map entry's value that comes twice is merged. */
  mergesMapEntries: JSON.stringify(twice).split("true").length === 3,
} as const;
