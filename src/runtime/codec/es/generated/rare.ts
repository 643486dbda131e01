import type { DescMessage, Message, UnknownField } from "@bufbuild/protobuf";
import { compile, planOf } from "../compile.js";
import { denseLimit, type FieldPlan, type Fields, type MessagePlan } from "../plan.js";
import { listOf, readField, recursionLimit } from "../read-message.js";
import { readPacked } from "../read-packed.js";
import { readUnknown } from "../read-unknown.js";
import { unusual } from "../unusual.js";
import { writeField, writeMember, writeUnknown } from "../write-message.js";
import type { Reader } from "./reader.js";
import type { Writer } from "./writer.js";

// Generated code has no functions for fields of rare kinds, nor for unknown fields: here the codec that works from the schema does them.

/**
 * Reads the field behind `tag`, for which the generated function has no case. Returns the unknown fields, with this one if the
 * schema does not know it.
 */
export function readRare(
  input: Reader,
  schema: DescMessage,
  message: Message,
  unknown: UnknownField[] | undefined,
  tag: number,
  depth: number,
): UnknownField[] | undefined {
  const number = tag >>> 3;
  const wireType = tag & 7;
  const field = fieldOf(compiled(schema), number);
  if (field === undefined) {
    const read = readUnknown(input, number, wireType, recursionLimit - depth);
    if (unknown === undefined) return [read];
    unknown.push(read);
    return unknown;
  }
  const fields = asFields(message);
  if (wireType === field.wireType) readField(input, field, fields, wireType, depth);
  else if (wireType === 2 && field.packable) readPacked(input, field, listOf(fields, field));
  else throw unusual;
  return unknown;
}

/** Writes the field of a message or an init shape, if it is set; or the field of a oneof that is set, of those that begin with this one. */
export function writeRare(out: Writer, schema: DescMessage, number: number, message: object, isMessage: boolean): void {
  const plan = compiled(schema);
  writeMember(out, plan, fieldOf(plan, number) ?? missing(), asFields(message), isMessage);
}

/** Writes the field of a oneof. */
export function writeRareCase(
  out: Writer,
  schema: DescMessage,
  number: number,
  value: unknown,
  isMessage: boolean,
): void {
  if (value === undefined || value === null) throw unusual;
  writeField(out, fieldOf(compiled(schema), number) ?? missing(), value, isMessage);
}

/** Writes the unknown fields of a message. */
export function writeUnknownFields(out: Writer, unknown: readonly UnknownField[]): void {
  writeUnknown(out, unknown);
}

function compiled(schema: DescMessage): MessagePlan {
  const plan = planOf(schema);
  if (!plan.compiled) compile(plan);
  return plan;
}

function fieldOf(plan: MessagePlan, number: number): FieldPlan | undefined {
  return number < denseLimit ? plan.dense[number] : plan.sparse?.get(number);
}

/** Throws, because the code was generated from another schema than the one it is given. */
function missing(): never {
  throw unusual;
}

/** The same object: a message has its fields as properties. */
function asFields(message: object): Fields {
  return message as Fields;
}
