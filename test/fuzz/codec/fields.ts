import { create, type MessageInitShape } from "@bufbuild/protobuf";
import {
  type DescriptorProto,
  DescriptorProtoSchema,
  Edition,
  FeatureSet_FieldPresence,
  FeatureSet_MessageEncoding,
  FeatureSet_RepeatedFieldEncoding,
  FeatureSet_Utf8Validation,
  type FieldDescriptorProto,
  FieldDescriptorProto_Label,
  FieldDescriptorProto_Type,
  FieldDescriptorProtoSchema,
  FieldOptions_JSType,
  type FieldOptionsSchema,
} from "@bufbuild/protobuf/wkt";
import type { RandomEnum } from "./enums.js";
import type { Random } from "./random.js";
import { foreignTypes, pkg } from "./schema.js";

export interface FieldContext {
  readonly random: Random;
  readonly edition: Edition;
  readonly enums: readonly RandomEnum[];
  /** Full names of the messages of the file, each with a dot in front. */
  readonly types: readonly string[];
  /** That of the message which gets the fields. */
  readonly typeName: string;
}

type Type = FieldDescriptorProto_Type;
const { ENUM, GROUP, MESSAGE, STRING, BYTES, DOUBLE, FLOAT, BOOL } = FieldDescriptorProto_Type;
const { OPTIONAL, REPEATED, REQUIRED } = FieldDescriptorProto_Label;

// As FieldDescriptorProto.Type numbers them; 10 and 11 are groups and messages, 14 enums.
const scalars = [1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 13, 15, 16, 17, 18];
const keyTypes: readonly Type[] = [3, 4, 5, 6, 7, 8, 9, 9, 9, 9, 13, 15, 16, 17, 18];
const longs = [3, 4, 6, 16, 18];

/** Names that objects have already, that code has a meaning for, or that become another name in TypeScript. */
const oddNames = [
  "__proto__",
  "constructor",
  "to_string",
  "toString",
  "has_own_property",
  "value_of",
  "to_json",
  "case",
  "value",
  "default",
  "class",
  "message",
  "input",
  "unknown",
  "depth",
  "end",
  "out",
  "then",
  "_",
  "a__b",
  "x1_2",
  "type_name",
  "arguments",
  "await",
];
const numbers = [
  1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 15, 16, 17, 100, 511, 512, 513, 2_047, 2_048, 18_999, 20_000, 536_870_911,
];

/** Up to ten fields of any kinds, some of them in oneofs. */
export function addFields(message: DescriptorProto, context: FieldContext): void {
  const { random } = context;
  const taken = new Set<string>();
  const free = [...numbers];
  const oneofs = random.below(3);
  for (let i = 0; i < oneofs; i++) message.oneofDecl.push(oneofNamed(freeName(context, taken, `one${i}`)));
  for (let i = random.below(10); i >= 0; i--) {
    const number = free.splice(random.below(free.length), 1)[0]!;
    const name = freeName(context, taken, `f${number}`);
    const field = fieldOf(message, name, number, context);
    if (field.label !== REPEATED && field.label !== REQUIRED && oneofs > 0 && random.once(3)) {
      field.oneofIndex = random.below(oneofs);
      // protobuf-es has no defaults in oneofs to tell apart, and presence there is what the oneof says.
      field.defaultValue = "";
      if (field.options?.features) field.options.features.fieldPresence = 0;
    }
    message.field.push(field);
  }
  addSyntheticOneofs(message, context);
  // A oneof without fields is none.
  const used = message.oneofDecl.filter((_, i) => message.field.some((field) => field.oneofIndex === i));
  const places = new Map(message.oneofDecl.map((one, i) => [i, used.indexOf(one)]));
  for (const field of message.field) if (hasOneof(field)) field.oneofIndex = places.get(field.oneofIndex)!;
  message.oneofDecl = used;
}

function hasOneof(field: FieldDescriptorProto): boolean {
  return Object.hasOwn(field, "oneofIndex");
}

/** `optional` of proto3. */
function addSyntheticOneofs(message: DescriptorProto, { random, edition }: FieldContext): void {
  if (edition !== Edition.EDITION_PROTO3) return;
  for (const field of message.field) {
    if (field.label === REPEATED || field.type === MESSAGE || hasOneof(field) || !random.once(3)) continue;
    field.proto3Optional = true;
    field.oneofIndex = message.oneofDecl.length;
    message.oneofDecl.push(oneofNamed(`_${field.name}`));
  }
}

function oneofNamed(name: string): DescriptorProto["oneofDecl"][number] {
  return create(DescriptorProtoSchema, { oneofDecl: [{ name }] }).oneofDecl[0]!;
}

/** A name whose property no other field of the message has. */
function freeName({ random }: FieldContext, taken: Set<string>, regular: string): string {
  const name = random.once(3) ? random.pick(oddNames) : regular;
  const key = name.replaceAll("_", "").toLowerCase();
  if (taken.has(key)) return freeName({ random } as FieldContext, taken, regular + "x");
  taken.add(key);
  return name;
}

function fieldOf(message: DescriptorProto, name: string, number: number, context: FieldContext): FieldDescriptorProto {
  const { random } = context;
  if (random.once(6)) return mapField(message, name, number, context);
  const repeated = random.once(3);
  const field = create(FieldDescriptorProtoSchema, {
    name,
    number,
    jsonName: name,
    label: repeated ? REPEATED : OPTIONAL,
    ...typeOf(context),
  });
  const isMessage = field.type === MESSAGE || field.type === GROUP;
  if (context.edition === Edition.EDITION_PROTO2 && !repeated && random.once(8)) field.label = REQUIRED;
  field.options = create(FieldDescriptorProtoSchema, { options: optionsOf(field, context) }).options!;
  if (!repeated && !isMessage && context.edition !== Edition.EDITION_PROTO3 && random.once(4)) {
    if (field.options.features?.fieldPresence !== FeatureSet_FieldPresence.IMPLICIT) {
      field.defaultValue = defaultOf(field, context);
    }
  }
  return field;
}

function typeOf({ random, edition, enums, types }: FieldContext): Pick<FieldDescriptorProto, "type" | "typeName"> {
  switch (random.below(8)) {
    case 0:
      return { type: ENUM, typeName: `.${pkg}.${random.pick(enums).proto.name}` };
    case 1:
    case 2:
      return {
        type: edition === Edition.EDITION_PROTO2 && random.once(2) ? GROUP : MESSAGE,
        typeName: random.pick(types),
      };
    case 3:
      return { type: MESSAGE, typeName: `.${random.pick(foreignTypes)}` };
    default:
      return { type: random.pick(scalars), typeName: "" };
  }
}

function optionsOf(field: FieldDescriptorProto, context: FieldContext): MessageInitShape<typeof FieldOptionsSchema> {
  const { random, edition } = context;
  const options: MessageInitShape<typeof FieldOptionsSchema> = {};
  if (longs.includes(field.type) && random.once(3)) {
    options.jstype = random.pick([FieldOptions_JSType.JS_STRING, FieldOptions_JSType.JS_NUMBER]);
  }
  const packable = field.label === REPEATED && ![MESSAGE, GROUP, STRING, BYTES].includes(field.type);
  if (edition < Edition.EDITION_2023) {
    if (packable && random.once(2)) options.packed = random.once(2);
    return options;
  }
  const isMessage = field.type === MESSAGE;
  const isClosed = context.enums.some(({ proto, closed }) => closed && field.typeName.endsWith(`.${proto.name}`));
  options.features = {
    ...(packable && random.once(2) ? { repeatedFieldEncoding: FeatureSet_RepeatedFieldEncoding.EXPANDED } : {}),
    ...(field.type === STRING && random.once(3) ? { utf8Validation: FeatureSet_Utf8Validation.NONE } : {}),
    ...(isMessage && random.once(2) ? { messageEncoding: FeatureSet_MessageEncoding.DELIMITED } : {}),
    ...(field.label === OPTIONAL && random.once(8) ? { fieldPresence: FeatureSet_FieldPresence.LEGACY_REQUIRED } : {}),
    ...(field.label === OPTIONAL && !isMessage && !isClosed && random.once(3)
      ? { fieldPresence: FeatureSet_FieldPresence.IMPLICIT }
      : {}),
  };
  return options;
}

function defaultOf({ type, typeName }: FieldDescriptorProto, { random, enums }: FieldContext): string {
  switch (type) {
    case ENUM: {
      const values = enums.find(({ proto }) => typeName.endsWith(`.${proto.name}`))?.proto.value ?? [];
      return random.pick(values).name;
    }
    case STRING:
      return random.pick(["word", "é"]);
    case BYTES:
      return "a\\001b";
    case BOOL:
      return "true";
    case FLOAT:
    case DOUBLE:
      return random.pick(["1.5", "inf", "nan", "-0"]);
    default:
      return "7";
  }
}

function mapField(message: DescriptorProto, name: string, number: number, context: FieldContext): FieldDescriptorProto {
  const { random } = context;
  const entry = `Map${number}Entry`;
  let value = typeOf(context);
  if (value.type === GROUP) value = { type: MESSAGE, typeName: value.typeName };
  message.nestedType.push(
    create(DescriptorProtoSchema, {
      name: entry,
      options: { mapEntry: true },
      field: [
        { name: "key", number: 1, label: OPTIONAL, type: random.pick(keyTypes), jsonName: "key" },
        { name: "value", number: 2, label: OPTIONAL, jsonName: "value", ...value },
      ],
    }),
  );
  return create(FieldDescriptorProtoSchema, {
    name,
    number,
    jsonName: name,
    label: REPEATED,
    type: MESSAGE,
    typeName: `${context.typeName}.${entry}`,
  });
}
