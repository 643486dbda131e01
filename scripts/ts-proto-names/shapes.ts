/** What else a file with the message has in it. */
export interface Shape {
  /** The `.proto` file that it imports, or a word for what its fields are. */
  readonly name: string;
  readonly imports: readonly string[];
  /** Fields of the message. */
  readonly fields: readonly string[];
  /** Declarations beside it. */
  readonly beside: string;
}

const google = (file: string, ...types: readonly string[]): Shape => ({
  name: `google/protobuf/${file}.proto`,
  imports: [`google/protobuf/${file}.proto`],
  fields: types.map((type) => `.google.protobuf.${type}`),
  beside: "",
});

/** Stands for the message itself as the type of a field: what ts-proto writes then uses the name in its functions. */
const self = "$self";

export const plain: Shape = { name: "plain", imports: [], fields: ["string"], beside: "" };

export const shapes: readonly Shape[] = [
  {
    name: "numbers",
    imports: [],
    fields: ["int64", "double", "bool"],
    beside: "",
  },
  { name: "bytes", imports: [], fields: ["bytes", "repeated bytes"], beside: "" },
  {
    name: "lists",
    imports: [],
    fields: ["repeated string", "map<string, int32>", "map<int64, bytes>"],
    beside: "",
  },
  {
    name: "enums",
    imports: [],
    fields: ["XColor", "repeated XColor"],
    beside: "enum XColor { X_NONE = 0; X_RED = 1; }",
  },
  { name: "itself", imports: [], fields: [self, `repeated ${self}`, `map<string, ${self}>`], beside: "" },
  google("any", "Any"),
  google("duration", "Duration"),
  google("field_mask", "FieldMask"),
  google("struct", "Struct", "Value", "ListValue", "NullValue"),
  google("timestamp", "Timestamp"),
  google("wrappers", "StringValue", "BytesValue", "Int64Value"),
];

/** Everything at once. */
export const rich: Shape = {
  name: "rich",
  imports: shapes.flatMap((shape) => shape.imports),
  fields: shapes.flatMap((shape) => shape.fields),
  beside: shapes.map((shape) => shape.beside).join("\n"),
};

/** A `.proto` file of a shape, with a message of the name given. */
export function protoText(packageName: string, message: string, shape: Shape): string {
  const own = `.${packageName}.${message}`;
  const fields = shape.fields.map((type, index) => `  ${type.replace(self, own)} f${index} = ${index + 1};`);
  return `syntax = "proto3";
package ${packageName};
${shape.imports.map((path) => `import "${path}";`).join("\n")}
${shape.beside}
message ${message} {
${fields.join("\n")}
  oneof x_choice { string x_text = 900; bool x_flag = 901; }
}
`;
}
