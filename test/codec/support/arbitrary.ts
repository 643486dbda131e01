import { inspect } from "node:util";
import { create, type DescField, type DescMessage, type DescOneof, ScalarType } from "@bufbuild/protobuf";
import { isWrapperDesc } from "@bufbuild/protobuf/wkt";
import fc from "fast-check";
import { oracleKeepsProtoKeys } from "./oracle.js";

type Init = Record<string, unknown>;

/**
 * Init shapes of a message type: any subset of its fields, each nested message either as a shape or as a message.
 * `odd`: now and then a value that does not fit.
 */
export function initOf(desc: DescMessage, depth: number, odd: boolean): fc.Arbitrary<Init> {
  const members: Record<string, fc.Arbitrary<unknown>> = {};
  const some = desc.members.length > 24 ? 0.15 : 0.6;
  for (const member of desc.members) {
    const value = memberOf(member, depth, odd);
    if (value === undefined) continue;
    members[member.localName] = fc
      .tuple(fc.double({ min: 0, max: 1, noNaN: true }), value, fc.constantFrom(undefined, null))
      .map(([dice, set, unset]) => (dice < some || isRequired(member) ? set : unset));
  }
  return fc
    .tuple(fc.record(members), fc.boolean())
    .map(([init, asMessage]) => (asMessage ? create(desc, init) : init) as Init);
}

function isRequired(member: DescField | DescOneof): boolean {
  return member.kind === "field" && member.presence === 3;
}

function memberOf(member: DescField | DescOneof, depth: number, odd: boolean): fc.Arbitrary<unknown> | undefined {
  if (member.kind === "oneof") {
    const cases = member.fields.flatMap((field) => {
      const value = fieldOf(field, depth, odd);
      return value === undefined ? [] : [value.map((set) => ({ case: field.localName, value: set }))];
    });
    return fc.oneof(fc.constant({ case: undefined }), ...cases);
  }
  const value = fieldOf(member, depth, odd);
  return value === undefined || !odd
    ? value
    : fc.oneof({ arbitrary: value, weight: 60 }, { arbitrary: oddValue, weight: 1 });
}

const oddValue = fc.constantFrom<unknown>(
  "x",
  "5",
  -1,
  1.5,
  2 ** 40,
  true,
  10n ** 30n,
  [],
  [1],
  {},
  { a: 1 },
  Number.NaN,
);

function fieldOf(field: DescField, depth: number, odd: boolean): fc.Arbitrary<unknown> | undefined {
  switch (field.fieldKind) {
    case "scalar":
      return scalarOf(field.scalar);
    case "enum":
      return fc.oneof(fc.constantFrom(...field.enum.values.map((value) => value.number)), scalarOf(ScalarType.INT32));
    case "message":
      return messageOf(field, field.message, depth, odd);
    case "list": {
      const item =
        field.listKind === "message"
          ? messageOf(field, field.message, depth, odd)
          : scalarOf(field.listKind === "enum" ? ScalarType.INT32 : field.scalar);
      return item && fc.array(item, { maxLength: field.listKind === "message" ? 3 : 60 });
    }
    case "map": {
      const value =
        field.mapKind === "message"
          ? messageOf(field, field.message, depth, odd)
          : scalarOf(field.mapKind === "enum" ? ScalarType.INT32 : field.scalar);
      return value && dictionaryOf(scalarOf(field.mapKey).map(String), value, 4);
    }
  }
}

function messageOf(
  field: DescField,
  message: DescMessage,
  depth: number,
  odd: boolean,
): fc.Arbitrary<unknown> | undefined {
  if (message.typeName === "google.protobuf.Struct" && field.parent.typeName !== "google.protobuf.Value") {
    return dictionaryOf(fc.string(), fc.jsonValue({ maxDepth: 2 }), 3);
  }
  if (isWrapperDesc(message) && field.fieldKind === "message" && field.oneof === undefined) {
    return fieldOf(message.fields[0]!, 0, odd);
  }
  return depth > 0 ? initOf(message, depth - 1, odd) : undefined;
}

/** Objects of any keys, now and then `__proto__`, where protobuf-es can tell what is right for it. */
function dictionaryOf(
  keys: fc.Arbitrary<string>,
  values: fc.Arbitrary<unknown>,
  maxKeys: number,
): fc.Arbitrary<Record<string, unknown>> {
  const dictionary = fc.dictionary(keys, values, { maxKeys, noNullPrototype: true });
  if (oracleKeepsProtoKeys) return dictionary;
  return dictionary.filter((value) => !inspect(value, { depth: null, maxArrayLength: null }).includes("__proto__"));
}

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: "binary", maxLength: 60 }),
  // Unpaired surrogates, byte order marks.
  fc
    .array(fc.constantFrom("a", "é", "漢", "😀", "\ud800", "\udc00", "\ufeff", "\ufffd"), { maxLength: 50 })
    .map((a) => a.join("")),
  fc.integer({ min: 0, max: 300 }).map((length) => "x".repeat(length)),
);

function scalarOf(type: ScalarType): fc.Arbitrary<unknown> {
  switch (type) {
    case ScalarType.STRING:
      return text;
    case ScalarType.BOOL:
      return fc.boolean();
    case ScalarType.BYTES:
      return fc.uint8Array({ maxLength: 70 }).map((bytes) => new Uint8Array(bytes));
    case ScalarType.DOUBLE:
      return fc.double();
    case ScalarType.FLOAT:
      return fc.float();
    case ScalarType.UINT32:
    case ScalarType.FIXED32:
      return fc.oneof(fc.nat(300), fc.integer({ min: 0, max: 0xffffffff }));
    case ScalarType.UINT64:
    case ScalarType.FIXED64:
      return fc.oneof(fc.bigInt(0n, 300n), fc.bigInt(0n, 2n ** 64n - 1n));
    case ScalarType.INT64:
    case ScalarType.SINT64:
    case ScalarType.SFIXED64:
      return fc.oneof(fc.bigInt(-300n, 300n), fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n));
    default:
      return fc.oneof(fc.integer({ min: -300, max: 300 }), fc.integer());
  }
}
