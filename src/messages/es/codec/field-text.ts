import type { DescField, DescMessage } from "@bufbuild/protobuf";
import { enumKind, type ScalarKind, scalarKind } from "./scalar-kind.js";

/** The names of the functions in one file, and which messages have them. */
export interface CodecScope {
  /** The names of a message whose functions can be called from here; undefined for all others. */
  functions(message: DescMessage): MessageFunctions | undefined;
  /** The name of a message's schema. */
  schema(message: DescMessage): string;
  /** The name of a message's type. */
  shape(message: DescMessage): string;
}

export interface MessageFunctions {
  readonly read: string;
  readonly write: string;
  /** How many bytes its last length took. */
  readonly room: string;
}

/**
 * Fields that generated functions leave to the codec that needs none, each for a reason: what is held as something else than
 * it is (wrappers, Struct), messages that are not generated in this run, closed enums, whose strangers become unknown fields,
 * and 64-bit integers as strings.
 */
export function isRare(field: DescField, scope: CodecScope): boolean {
  switch (field.fieldKind) {
    case "scalar":
      return field.longAsString;
    case "enum":
      return !field.enum.open;
    case "message":
      return isRareMessage(field.message, scope);
    case "list":
      if (field.listKind === "message") return isRareMessage(field.message, scope);
      return field.listKind === "scalar" && field.longAsString;
    case "map":
      return field.mapKind === "message" && isRareMessage(field.message, scope);
  }
}

function isRareMessage(message: DescMessage, scope: CodecScope): boolean {
  // A Struct is a JSON object in every field but one of google.protobuf.Value, a wrapper its scalar in most.
  const { typeName } = message;
  if (typeName === "google.protobuf.Struct" || /^google\.protobuf\.[A-Z][A-Za-z0-9]*Value$/.test(typeName)) return true;
  return scope.functions(message) === undefined;
}

/** The scalar kind of a field's values, or of a list's items; enums too. */
export function valueKind(field: DescField): ScalarKind {
  if (field.scalar === undefined) return enumKind;
  return scalarKind(field.scalar, field.utf8Validation);
}

/** The tag of a field with this wire type, unsigned. */
export function tagOf(number: number, wireType: number): number {
  return ((number << 3) | wireType) >>> 0;
}

/** The wire type of one message. */
export function messageWireType(field: DescField): number {
  return "delimitedEncoding" in field && field.delimitedEncoding ? 3 : 2;
}
