/** How the values of a scalar type are read, written and left out. Names are those of the runtime's Reader and Writer. */
export interface ScalarKind {
  /** The method that reads one. */
  readonly read: string;
  /** `<write>Field` writes tag and value, `<write>Item` the value alone. */
  readonly write: string;
  /** See https://protobuf.dev/programming-guides/encoding/#structure */
  readonly wireType: number;
  readonly type: "number" | "bigint" | "boolean" | "string" | "bytes";
}

function kind(read: string, write: string, wireType: number, type: ScalarKind["type"] = "number"): ScalarKind {
  return { read, write, wireType, type };
}

/** By the numbers of FieldDescriptorProto.Type, which are those of ScalarType. */
const kinds = new Map<number, ScalarKind>([
  [1, kind("double", "double", 1)],
  [2, kind("float", "float", 5)],
  [3, kind("signed64", "int64", 0, "bigint")],
  [4, kind("unsigned64", "uint64", 0, "bigint")],
  [5, kind("int32", "int32", 0)],
  [6, kind("unsignedFixed64", "fixed64", 1, "bigint")],
  [7, kind("unsignedFixed32", "fixed32", 5)],
  [8, kind("bool", "bool", 0, "boolean")],
  [9, kind("string", "string", 2, "string")],
  [12, kind("data", "bytes", 2, "bytes")],
  [13, kind("uint32", "uint32", 0)],
  [15, kind("fixed32", "sfixed32", 5)],
  [16, kind("signedFixed64", "sfixed64", 1, "bigint")],
  [17, kind("sint32", "sint32", 0)],
  [18, kind("zigzag64", "sint64", 0, "bigint")],
]);

/** Enums are read and written as int32. */
export const enumKind: ScalarKind = kind("int32", "int32", 0);

export function scalarKind(type: number, strictUtf8: boolean): ScalarKind {
  const found = kinds.get(type);
  if (found === undefined) throw new Error(`no scalar type ${type}`);
  return type === 9 && strictUtf8 ? { ...found, read: "strictString" } : found;
}
