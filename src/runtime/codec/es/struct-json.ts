import { setOwn } from "./own-property.js";
import type { Fields, Oneof } from "./plan.js";
import { unusual } from "./unusual.js";

/** A field of type google.protobuf.Struct holds a JSON object. This makes the message from it. */
export function jsonToStruct(json: unknown): Fields {
  if (typeof json !== "object" || json === null || Array.isArray(json)) throw unusual;
  const fields: Fields = {};
  for (const [name, value] of Object.entries(json)) setOwn(fields, name, jsonToValue(value));
  return { $typeName: "google.protobuf.Struct", fields };
}

/** A value that JSON does not have (undefined, functions, symbols, bigints) becomes a Value without a kind, as in protobuf-es. */
function jsonToValue(json: unknown): Fields {
  return { $typeName: "google.protobuf.Value", kind: kindOf(json) };
}

function kindOf(json: unknown): Fields {
  switch (typeof json) {
    case "number":
      return { case: "numberValue", value: json };
    case "string":
      return { case: "stringValue", value: json };
    case "boolean":
      return { case: "boolValue", value: json };
    case "object":
      if (json === null) return { case: "nullValue", value: 0 };
      if (!Array.isArray(json)) return { case: "structValue", value: jsonToStruct(json) };
      return { case: "listValue", value: { $typeName: "google.protobuf.ListValue", values: json.map(jsonToValue) } };
    default:
      return { case: undefined };
  }
}

/** The JSON object of a google.protobuf.Struct that was read. */
export function structToJson(struct: Fields): Fields {
  const json: Fields = {};
  for (const [name, value] of Object.entries((struct as StructMessage).fields)) setOwn(json, name, valueToJson(value));
  return json;
}

function valueToJson({ kind }: ValueMessage): unknown {
  switch (kind.case) {
    case "structValue":
      return structToJson(kind.value as Fields);
    case "listValue":
      return (kind.value as ListMessage).values.map(valueToJson);
    case "nullValue":
    case undefined:
      return null;
    default:
      return kind.value;
  }
}

// The shapes of messages that this codec has read.
interface StructMessage extends Fields {
  readonly fields: Record<string, ValueMessage>;
}
interface ValueMessage extends Fields {
  readonly kind: Oneof;
}
interface ListMessage extends Fields {
  readonly values: ValueMessage[];
}
