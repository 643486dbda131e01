import { joinBytes } from "./bytes.js";
import type { Metadata } from "./metadata.js";
import { fieldsOf } from "./proto-fields.js";

/** A message type as protobuf-es describes it (a `DescMessage`); told by shape, for users of ts-proto need not have it. */
export interface DetailSchema {
  /** As descriptors of protobuf-es have it. */
  readonly kind: "message";
  /** The full name of the message, `google.rpc.BadRequest`. */
  readonly typeName: string;
}

/** What messages a schema describes. The codec for protobuf-es's messages fills it in, so that this file need not know them. */
export interface DetailTypes<Schema> {
  /** The type of the detail. */
  readonly schema: Schema;
}

/** The message that a schema describes; `unknown` where nothing with messages of protobuf-es is imported. */
export type DetailOf<Schema> = DetailTypes<Schema> extends { readonly es: infer Message } ? Message : unknown;

/** One detail: its type, and some of its fields. */
export type ErrorDetail = readonly [schema: DetailSchema, init: unknown];

/** Encodes and decodes messages by their schema; what protobuf-es does, brought by the codec for its messages. */
export interface DetailCodec {
  encode(schema: DetailSchema, init: unknown): Uint8Array;
  decode(schema: DetailSchema, bytes: Uint8Array): unknown;
}

/** Where the details of an error travel, as a `google.rpc.Status`. */
export const DETAILS_KEY = "grpc-status-details-bin";

const PREFIX = "type.googleapis.com/";
let codec: DetailCodec | undefined;

/** Called by the codec for protobuf-es's messages when it is loaded. */
export function setDetailCodec(given: DetailCodec): void {
  codec = given;
}

/** The details as `google.rpc.Status { int32 code = 1; string message = 2; repeated google.protobuf.Any details = 3; }`. */
export function encodeDetails(code: number, text: string, details: readonly ErrorDetail[]): Uint8Array {
  const anys = details.map(([schema, init]) => anyOf(schema.typeName, requireCodec().encode(schema, init)));
  return encodeStatus(code, text, anys);
}

/**
 * The same with one detail, `google.rpc.RetryInfo { google.protobuf.Duration retry_delay = 1; }`, by hand: a server that
 * refuses a call need not have protobuf-es.
 */
export function encodeRetryInfo(code: number, text: string, delayMs: number): Uint8Array {
  const delay = joinBytes([
    varintField(1, Math.floor(delayMs / 1000)),
    varintField(2, Math.round((delayMs % 1000) * 1e6)),
  ]);
  return encodeStatus(code, text, [anyOf("google.rpc.RetryInfo", bytesField(1, delay))]);
}

/** One detail as it travels: the full name of its message type, and the message's bytes. */
export interface PackedDetail {
  readonly typeName: string;
  readonly value: Uint8Array;
}

/** The details that come encoded already, as a `google.rpc.Status`: for protocols that carry them in another way. */
export function packDetails(code: number, text: string, details: readonly PackedDetail[]): Uint8Array {
  return encodeStatus(
    code,
    text,
    details.map(({ typeName, value }) => anyOf(typeName, value)),
  );
}

/** The details in the trailers of a call, not decoded; what is malformed is left out. */
export function packedDetails(metadata: Metadata): PackedDetail[] {
  const found: PackedDetail[] = [];
  for (const status of metadata.get(DETAILS_KEY)) {
    if (typeof status === "string") continue;
    for (const any of fieldsOf(status, 3)) {
      const [url] = fieldsOf(any, 1);
      if (url === undefined) continue;
      const typeName = fromUtf8.decode(url).replace(/^.*\//, "");
      found.push({ typeName, value: fieldsOf(any, 2).at(-1) ?? new Uint8Array(0) });
    }
  }
  return found;
}

function encodeStatus(code: number, text: string, anys: readonly Uint8Array[]): Uint8Array {
  const message = text === "" ? [] : [bytesField(2, utf8.encode(text))];
  return joinBytes([varintField(1, code), ...message, ...anys.map((any) => bytesField(3, any))]);
}

/** The details of this type in a call's trailers, decoded; what is malformed is left out. */
export function findDetails(metadata: Metadata, schema: DetailSchema): unknown[] {
  const found: unknown[] = [];
  for (const { typeName, value } of packedDetails(metadata)) {
    if (typeName !== schema.typeName) continue;
    try {
      found.push(requireCodec().decode(schema, value));
    } catch (error) {
      if (codec === undefined) throw error;
    }
  }
  return found;
}

function requireCodec(): DetailCodec {
  if (codec !== undefined) return codec;
  throw new TypeError('error details need protobuf-es: import "gen-stubs-runtime/errors", or stubs with its messages');
}

const utf8 = new TextEncoder();
const fromUtf8 = new TextDecoder();

function anyOf(typeName: string, value: Uint8Array): Uint8Array {
  return joinBytes([bytesField(1, utf8.encode(PREFIX + typeName)), bytesField(2, value)]);
}

function varintField(field: number, value: number): Uint8Array {
  return Uint8Array.from([field << 3, ...varint(value)]);
}

function bytesField(field: number, bytes: Uint8Array): Uint8Array {
  return joinBytes([Uint8Array.from([(field << 3) | 2, ...varint(bytes.length)]), bytes]);
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  bytes.push(rest);
  return bytes;
}
