import type { ByteWriter } from "./byte-writer.js";
import { compile } from "./compile.js";
import type { FieldPlan, Fields, MessagePlan, Oneof } from "./plan.js";
import { jsonToStruct } from "./struct-json.js";
import { unusual } from "./unusual.js";
import { writeMap } from "./write-map.js";
import { noTag, writeScalar, writeTag } from "./write-scalar.js";

/**
 * Writes the fields of a message or of an init shape. `strict`: it must be a message, because it is inside of one; protobuf-es takes init
 * shapes only inside of init shapes. In a message, a field is set if it is an own property, which is never null. In an init shape, a
 * field is set if it is neither undefined nor null.
 */
export function writeMessage(out: ByteWriter, plan: MessagePlan, value: unknown, strict: boolean): void {
  if (typeof value !== "object" || value === null) throw unusual;
  if (!plan.compiled) compile(plan);
  // It is an object, as checked here; its properties are not known.
  const source = value as Fields;
  const isMessage = source.$typeName === plan.typeName;
  if (isMessage) {
    // With another prototype, an inherited property could be taken for a set field.
    if (Object.getPrototypeOf(source) !== plan.prototype) throw unusual;
  } else if (strict || Array.isArray(source)) {
    throw unusual;
  }
  const { writes } = plan;
  for (let i = 0; i < writes.length; i++) writeMember(out, plan, writes[i]!, source, isMessage);
  if (isMessage && source.$unknown !== undefined) writeUnknown(out, source.$unknown);
}

/** Writes a field of a message or an init shape, or a oneof, if it is set. */
export function writeMember(
  out: ByteWriter,
  plan: MessagePlan,
  field: FieldPlan,
  source: Fields,
  isMessage: boolean,
): void {
  const content = source[field.property];
  if (content === undefined || content === null) {
    if (field.presence !== 1 && (isMessage || field.presence === 2)) throw unusual;
    if (isMessage && content === null) throw unusual;
    return;
  }
  if (field.form === 0) {
    if (field.presence === 0) {
      writeScalar(out, field, field.tag, field.scalar === 12 ? bytesOf(content, isMessage) : content, true);
      return;
    }
    if (isMessage && plan.prototype !== Object.prototype && !Object.hasOwn(source, field.property)) {
      if (field.presence === 2) throw unusual;
      return;
    }
  }
  writeField(out, field, content, isMessage);
}

/** Writes a field that is set and is not a list, map or oneof, which may be empty. */
export function writeField(out: ByteWriter, field: FieldPlan, content: unknown, strict: boolean): void {
  switch (field.form) {
    case 0:
      writeScalar(out, field, field.tag, field.scalar === 12 ? bytesOf(content, strict) : content, false);
      return;
    case 1:
      writeSubmessage(out, field, content, strict);
      return;
    case 2:
      writeWrapped(out, field, content, strict);
      return;
    case 3:
      writeSubmessage(out, field, jsonToStruct(content), true);
      return;
    case 4:
      writeList(out, field, arrayOf(content), strict);
      return;
    case 5: {
      const list = arrayOf(content);
      for (let i = 0; i < list.length; i++) writeSubmessage(out, field, list[i], strict);
      return;
    }
    case 6: {
      const list = arrayOf(content);
      for (let i = 0; i < list.length; i++) writeSubmessage(out, field, jsonToStruct(list[i]), true);
      return;
    }
    case 7:
      writeMap(out, field, content, strict, writeSubmessage);
      return;
    case 8:
      writeOneof(out, field, content, strict);
      return;
  }
}

function writeOneof(out: ByteWriter, step: FieldPlan, content: unknown, strict: boolean): void {
  if (typeof content !== "object") throw unusual;
  // It is an object, as checked here, and not null, as the caller has checked.
  const oneof = content as Oneof;
  const which = oneof.case;
  if (which === undefined) return;
  const field = step.cases?.get(which);
  if (field === undefined) return;
  const { value } = oneof;
  if (value === undefined || value === null) throw unusual;
  writeField(out, field, value, strict);
}

/** Writes tag, length and message, or the message between group tags. Map values come here too. */
export function writeSubmessage(out: ByteWriter, field: FieldPlan, value: unknown, strict: boolean): void {
  const message = field.message!;
  writeTag(out, field.tag);
  if (field.wireType === 3) {
    writeMessage(out, message, value, strict);
    // The end tag has the same field number and wire type 4.
    writeTag(out, field.tag + 1);
    return;
  }
  const room = field.lengthSize;
  const start = out.openLength(room);
  writeMessage(out, message, value, strict);
  field.lengthSize = out.closeLength(start, room);
}

function writeWrapped(out: ByteWriter, field: FieldPlan, value: unknown, strict: boolean): void {
  const wrapper = field.message!;
  if (!wrapper.compiled) compile(wrapper);
  const scalar = wrapper.writes[0]!;
  // The wrappers of google/protobuf/wrappers.proto have one field. A user's message of the same name may have more.
  if (wrapper.writes.length !== 1) throw unusual;
  const content = scalar.scalar === 12 ? bytesOf(value, strict) : value;
  const skipZero = scalar.presence === 0;
  writeTag(out, field.tag);
  if (field.wireType === 3) {
    writeScalar(out, scalar, scalar.tag, content, skipZero);
    writeTag(out, field.tag + 1);
    return;
  }
  const start = out.openLength(1);
  writeScalar(out, scalar, scalar.tag, content, skipZero);
  out.closeLength(start, 1);
}

function writeList(out: ByteWriter, field: FieldPlan, list: readonly unknown[], strict: boolean): void {
  if (!field.packed) {
    for (let i = 0; i < list.length; i++) {
      const item = list[i];
      writeScalar(out, field, field.tag, field.scalar === 12 ? bytesOf(item, strict) : item, false);
    }
    return;
  }
  if (list.length === 0) return;
  writeTag(out, field.tag);
  const room = field.lengthSize;
  const start = out.openLength(room);
  for (let i = 0; i < list.length; i++) writeScalar(out, field, noTag, list[i], false);
  field.lengthSize = out.closeLength(start, room);
}

export function writeUnknown(out: ByteWriter, unknownFields: unknown): void {
  for (const { no, wireType, data } of arrayOf(unknownFields) as { no: number; wireType: number; data: Uint8Array }[]) {
    if (!(data instanceof Uint8Array)) throw unusual;
    writeTag(out, ((no << 3) | wireType) >>> 0);
    out.raw(data);
  }
}

/** Init shapes may give bytes as an array of numbers. */
function bytesOf(value: unknown, strict: boolean): unknown {
  return !strict && Array.isArray(value) ? new Uint8Array(value) : value;
}

function arrayOf(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw unusual;
  return value;
}
