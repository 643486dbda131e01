import type { UnknownField } from "@bufbuild/protobuf";
import { BinaryWriter } from "@bufbuild/protobuf/wire";
import type { ByteReader } from "./byte-reader.js";
import { compile } from "./compile.js";
import { denseLimit, type FieldPlan, type Fields, type MessagePlan, type Oneof } from "./plan.js";
import { readMapEntry } from "./read-map.js";
import { readPacked } from "./read-packed.js";
import { readScalar } from "./read-scalar.js";
import { readUnknown } from "./read-unknown.js";
import { jsonToStruct, structToJson } from "./struct-json.js";
import { fillMutable, newMessage, withUnknown } from "./template.js";
import { unusual } from "./unusual.js";

/** How deep messages may be nested: the default of protobuf-es. */
export const recursionLimit = 100;

/**
 * Reads fields up to `end` into `existing`, or into a new message. In a group, `group` is its field number (0 otherwise) and its
 * end tag ends it. `depth` is 1 for the outermost message.
 */
export function readMessage(
  input: ByteReader,
  plan: MessagePlan,
  existing: Fields | undefined,
  end: number,
  group: number,
  depth: number,
): Fields {
  if (depth > recursionLimit || end > input.end) throw unusual;
  if (!plan.compiled) compile(plan);
  const message = existing ?? newMessage(plan);
  // Made by protobuf-es or by this function.
  let unknownFields = message.$unknown as UnknownField[] | undefined;
  for (;;) {
    if (input.position >= end) {
      if (input.position > end || group !== 0) throw unusual;
      break;
    }
    const tag = input.tag();
    const number = tag >>> 3;
    if (number === 0) throw unusual;
    const wireType = tag & 7;
    if (wireType === 4 && group !== 0) {
      if (number !== group) throw unusual;
      break;
    }
    const field = number < denseLimit ? plan.dense[number] : plan.sparse?.get(number);
    if (field === undefined) {
      unknownFields ??= [];
      unknownFields.push(readUnknown(input, number, wireType, recursionLimit - depth));
    } else if (wireType === field.wireType) {
      readField(input, field, message, wireType, depth);
    } else if (wireType === 2 && field.packable) {
      readPacked(input, field, listOf(message, field));
    } else {
      throw unusual;
    }
  }
  fillMutable(plan, message);
  return unknownFields === undefined || unknownFields.length === 0
    ? message
    : withUnknown(plan, message, unknownFields);
}

export function readField(input: ByteReader, field: FieldPlan, message: Fields, wireType: number, depth: number): void {
  let value: unknown;
  switch (field.form) {
    case 0: // scalar or enum
      value = readScalar(input, field);
      // A value that a closed enum does not have was read as a number, and is kept as an unknown field.
      if (field.closed !== undefined && !field.closed.has(value as number)) {
        keepUnknownEnum(message, field, wireType, value as number);
        return;
      }
      break;
    case 1: // message
      value = readSubmessage(input, field, current(message, field), depth);
      break;
    case 2: {
      // wrapper
      const held = current(message, field);
      const wrapper = held === undefined ? undefined : { $typeName: field.message!.typeName, value: held };
      value = readSubmessage(input, field, wrapper, depth)["value"];
      break;
    }
    case 3: {
      // Struct
      const held = current(message, field);
      value = structToJson(readSubmessage(input, field, held && jsonToStruct(held), depth));
      break;
    }
    case 4:
      listOf(message, field).push(readScalar(input, field));
      return;
    case 5:
      listOf(message, field).push(readSubmessage(input, field, undefined, depth));
      return;
    case 6:
      listOf(message, field).push(structToJson(readSubmessage(input, field, undefined, depth)));
      return;
    case 7:
      readMapEntry(input, field, mapOf(message, field), depth, readSubmessage);
      return;
  }
  if (field.inOneof) message[field.property] = { case: field.localName, value };
  else message[field.property] = value;
}

/** Reads length and message, or a group up to its end tag. Map values come here too. */
export function readSubmessage(
  input: ByteReader,
  field: FieldPlan,
  existing: Fields | undefined,
  depth: number,
): Fields {
  const plan = field.message!;
  if (field.wireType === 3) return readMessage(input, plan, existing, input.end, field.number, depth + 1);
  const length = input.varint32();
  return readMessage(input, plan, existing, input.position + length, 0, depth + 1);
}

/** The value so far, if the field comes a second time: the next one is merged into it. */
function current(message: Fields, field: FieldPlan): Fields | undefined {
  if (!field.inOneof) return message[field.property] as Fields | undefined;
  const oneof = message[field.property] as Oneof | undefined;
  return oneof?.case === field.localName ? (oneof.value as Fields) : undefined;
}

export function listOf(message: Fields, field: FieldPlan): unknown[] {
  // The field is a list in every message of this type.
  let list = message[field.property] as unknown[] | undefined;
  if (list === undefined) {
    list = [];
    message[field.property] = list;
  }
  return list;
}

function mapOf(message: Fields, field: FieldPlan): Fields {
  // The field is a map in every message of this type.
  let map = message[field.property] as Fields | undefined;
  if (map === undefined) {
    map = {};
    message[field.property] = map;
  }
  return map;
}

function keepUnknownEnum(message: Fields, field: FieldPlan, wireType: number, value: number): void {
  // As above. Unknown fields found later in the same read replace these, as in protobuf-es.
  const kept = (message.$unknown as UnknownField[] | undefined) ?? [];
  kept.push({ no: field.number, wireType, data: new BinaryWriter().int32(value).finish() });
  message.$unknown = kept;
}
