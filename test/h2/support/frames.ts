import { writeUint32 } from "../../../src/runtime/h2/frames/integers.js";
import { HpackEncoder } from "../../../src/runtime/h2/hpack/index.js";

/** The types, by name. */
export const TYPES = [
  "DATA",
  "HEADERS",
  "PRIORITY",
  "RST_STREAM",
  "SETTINGS",
  "PUSH_PROMISE",
  "PING",
  "GOAWAY",
  "WINDOW_UPDATE",
  "CONTINUATION",
] as const;

export const PREFACE: Uint8Array = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

/** Any frame, right or wrong. */
export function frame(
  type: number,
  flags: number,
  streamId: number,
  payload: Uint8Array = new Uint8Array(0),
): Uint8Array {
  const bytes = new Uint8Array(9 + payload.length);
  bytes[0] = payload.length >>> 16;
  bytes[1] = payload.length >>> 8;
  bytes[2] = payload.length;
  bytes[3] = type;
  bytes[4] = flags;
  writeUint32(bytes, 5, streamId);
  bytes.set(payload, 9);
  return bytes;
}

/** Numbers of 32 bits, big-endian. */
export function words(...values: number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 4);
  values.forEach((value, i) => {
    writeUint32(bytes, i * 4, value);
  });
  return bytes;
}

export function join(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

export const END_STREAM = 1;
export const ACK = 1;
export const END_HEADERS = 4;
export const PADDED = 8;
export const PRIORITY = 32;

export const data = (id: number, payload: Uint8Array | string, flags = 0): Uint8Array =>
  frame(0, flags, id, typeof payload === "string" ? Buffer.from(payload) : payload);
export const rst = (id: number, code = 8): Uint8Array => frame(3, 0, id, words(code));
export const ping = (payload = "12345678", flags = 0): Uint8Array => frame(6, flags, 0, Buffer.from(payload));
export const goaway = (last: number, code = 0, debug = ""): Uint8Array =>
  frame(7, 0, 0, join(words(last, code), Buffer.from(debug)));
export const windowUpdate = (id: number, increment: number): Uint8Array => frame(8, 0, id, words(increment));
export const settingsAck = (): Uint8Array => frame(4, ACK, 0);

export function settings(...pairs: readonly (readonly [id: number, value: number])[]): Uint8Array {
  return frame(4, 0, 0, join(...pairs.map(([id, value]) => join(new Uint8Array([id >>> 8, id]), words(value)))));
}

/** A header block that uses no table. */
export function block(headers: readonly string[]): Uint8Array {
  const sink = { bytes: new Uint8Array(0), position: 0, reserve: (_size: number): void => {} };
  sink.reserve = (size) => {
    if (sink.position + size <= sink.bytes.length) return;
    const grown = new Uint8Array((sink.position + size) * 2);
    grown.set(sink.bytes);
    sink.bytes = grown;
  };
  new HpackEncoder({ sensitive: () => true }).encode(headers, sink);
  return sink.bytes.slice(0, sink.position);
}

export const headers = (id: number, list: readonly string[], flags = 0): Uint8Array =>
  frame(1, flags | END_HEADERS, id, block(list));

export const REQUEST: readonly string[] = [
  ":method",
  "POST",
  ":scheme",
  "http",
  ":path",
  "/a.B/C",
  ":authority",
  "x",
  "te",
  "trailers",
];
export const RESPONSE: readonly string[] = [":status", "200", "content-type", "application/grpc"];
export const TRAILERS: readonly string[] = ["grpc-status", "0"];

/** A frame as it was read. */
export interface Frame {
  readonly type: string;
  readonly flags: number;
  readonly id: number;
  readonly payload: Uint8Array;
}

/** Cuts whole frames out of bytes. */
export function parse(bytes: Uint8Array): Frame[] {
  const found: Frame[] = [];
  let at = 0;
  while (at < bytes.length) {
    const length = (bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]!;
    const view = new DataView(bytes.buffer, bytes.byteOffset + at);
    found.push({
      type: TYPES[bytes[at + 3]!] ?? `${bytes[at + 3]}`,
      flags: bytes[at + 4]!,
      id: view.getUint32(5),
      payload: bytes.slice(at + 9, at + 9 + length),
    });
    if (at + 9 + length > bytes.length) throw new Error("a frame is cut");
    at += 9 + length;
  }
  return found;
}
