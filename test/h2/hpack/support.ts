import { type HeaderList, HpackDecoder, type HpackEncoder } from "../../../src/runtime/h2/hpack/index.js";
import { TestSink } from "./sink.js";

export function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(hex.replace(/\s/g, "").match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

export function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A decoder without limits that matter. */
export function decoder(maxTableSize = 4096): HpackDecoder {
  return new HpackDecoder({ maxTableSize, maxListSize: 1_000_000 });
}

export function decodeAll(decoder: HpackDecoder, bytes: Uint8Array): HeaderList {
  return decoder.decode(bytes, 0, bytes.length).headers;
}

const sink = new TestSink();

export function encodeAll(encoder: HpackEncoder, headers: readonly string[]): Uint8Array {
  encoder.encode(headers, sink);
  return sink.take();
}

/** A table's size as RFC 7541, 4.1 counts it. */
export function sizeOf(entries: readonly (readonly [string, string])[]): number {
  return entries.reduce((sum, [name, value]) => sum + name.length + value.length + 32, 0);
}
