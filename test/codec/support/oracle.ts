import { fromBinary } from "@bufbuild/protobuf";
import { StructSchema } from "@bufbuild/protobuf/wkt";

/** `fields { key: "__proto__" value {} }` of a Struct. */
const protoKey = Uint8Array.of(0x0a, 13, 0x0a, 9, ...new TextEncoder().encode("__proto__"), 0x12, 0);

/**
 * Whether the protobuf-es that is installed keeps map entries and members of a Struct that are named `__proto__`, as ours
 * does with any version: it does from 2.16 on. Before, it cannot be asked what is right there.
 */
export const oracleKeepsProtoKeys: boolean = Object.keys(fromBinary(StructSchema, protoKey).fields).length === 1;
