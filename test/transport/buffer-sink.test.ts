import { describe, expect, it } from "vitest";
import type { ByteSink, Codec } from "../../src/runtime/core/codec.js";
import { BufferSink } from "../../src/runtime/transport/grpc-js/buffer-sink.js";

/** Writes a length first and fills it in last, as a codec of nested messages does. */
const lengthFirst: Codec<unknown, Uint8Array> = {
  typeName: "test",
  decode: () => undefined,
  encode(message: Uint8Array, into: ByteSink) {
    into.reserve(4);
    const lengthAt = into.position;
    let { position } = into;
    position += 4;
    for (const byte of message) {
      into.position = position;
      into.reserve(1);
      into.bytes[position++] = byte;
    }
    into.position = position;
    new DataView(into.bytes.buffer, into.bytes.byteOffset).setUint32(lengthAt, message.length);
  },
};

describe("BufferSink", () => {
  it("keeps the positions of what was written when it grows", () => {
    const sink = new BufferSink();
    for (const size of [10, 15_000, 3_000, 1_000, 70_000, 0, 16_380, 5]) {
      const message = Uint8Array.from({ length: size }, (_, index) => index % 251);
      const encoded = sink.encode(lengthFirst, message);
      expect(encoded.readUInt32BE(0)).toBe(size);
      expect(Buffer.compare(encoded.subarray(4), message)).toBe(0);
    }
  });

  it("never writes again to what it has given away", () => {
    const sink = new BufferSink();
    const given = Array.from({ length: 100 }, (_, index) => sink.encode(lengthFirst, new Uint8Array(500).fill(index)));
    for (const [index, encoded] of given.entries()) {
      expect(encoded.length).toBe(504);
      expect(encoded.subarray(4).every((byte) => byte === index)).toBe(true);
    }
  });
});
