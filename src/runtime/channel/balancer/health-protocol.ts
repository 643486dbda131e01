import type { ByteSink, Codec } from "../../core/codec.js";
import type { CalledMethod } from "../../core/method.js";

/** `grpc.health.v1.HealthCheckRequest`. */
export interface HealthRequest {
  readonly service: string;
}

/** `grpc.health.v1.HealthCheckResponse.ServingStatus`, as far as it matters here. */
export const ServingStatus = { SERVING: 1 } as const;

const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;
const FIELD_1_TEXT = (1 << 3) | LENGTH_DELIMITED;
const utf8 = new TextEncoder();

/** Two messages of one field each, written by hand: a channel is not to need a message library for its own calls. */
const request: Codec<never, HealthRequest> = {
  typeName: "grpc.health.v1.HealthCheckRequest",
  encode({ service }, into) {
    if (service === "") return;
    const text = utf8.encode(service);
    into.reserve(text.length + 6);
    into.bytes[into.position++] = FIELD_1_TEXT;
    writeVarint(text.length, into);
    into.bytes.set(text, into.position);
    into.position += text.length;
  },
  decode() {
    throw new TypeError("a client reads no requests");
  },
};

const response: Codec<number, never> = {
  typeName: "grpc.health.v1.HealthCheckResponse",
  encode() {
    throw new TypeError("a client sends no responses");
  },
  /** The `status`; 0 where there is none. Other fields are passed over. */
  decode(bytes) {
    let serving = 0;
    for (let position = 0; position < bytes.length; ) {
      let tag: number;
      [tag, position] = readVarint(bytes, position);
      switch (tag & 7) {
        case VARINT: {
          let value: number;
          [value, position] = readVarint(bytes, position);
          if (tag >>> 3 === 1) serving = value;
          break;
        }
        case LENGTH_DELIMITED: {
          let length: number;
          [length, position] = readVarint(bytes, position);
          position += length;
          break;
        }
        case FIXED64:
          position += 8;
          break;
        case FIXED32:
          position += 4;
          break;
        default:
          throw new RangeError(`wire type ${tag & 7}`);
      }
      if (position > bytes.length) throw new RangeError("the message is cut off");
    }
    return serving;
  },
};

export const healthWatch: CalledMethod<HealthRequest, number> = {
  kind: "server_streaming",
  path: "/grpc.health.v1.Health/Watch",
  request,
  response,
};

function writeVarint(value: number, into: ByteSink): void {
  let rest = value;
  while (rest > 0x7f) {
    into.bytes[into.position++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  into.bytes[into.position++] = rest;
}

function readVarint(bytes: Uint8Array, start: number): [value: number, end: number] {
  let value = 0;
  for (let position = start, factor = 1; position < start + 10; position++, factor *= 128) {
    const byte = bytes[position];
    if (byte === undefined) throw new RangeError("the message is cut off");
    value += (byte & 0x7f) * factor;
    if (byte < 0x80) return [value, position + 1];
  }
  throw new RangeError("a varint of more than ten bytes");
}
