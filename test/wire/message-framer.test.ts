import { gunzipSync, inflateSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { type Codec, writeBytes } from "../../src/runtime/core/codec.js";
import { status } from "../../src/runtime/core/status.js";
import { nodeCompressor } from "../../src/runtime/platform/node/compressor.js";
import { FrameBuffer } from "../../src/runtime/wire/frame-buffer.js";
import { MessageFramer } from "../../src/runtime/wire/message-framer.js";

const bytes: Codec<Uint8Array> = {
  typeName: "test.Bytes",
  encode(message, into) {
    if (message.length === 13) throw new TypeError("thirteen");
    writeBytes(message, into);
  },
  decode: (received) => received,
};
const inflate = { identity: (raw: Uint8Array) => raw, gzip: gunzipSync, deflate: inflateSync };

describe.each(["identity", "gzip", "deflate"] as const)("messages framed with %s", (compression) => {
  const options = { maxSendMessageBytes: 100, compression, compressor: nodeCompressor };
  const framer = new MessageFramer(bytes, options);

  test.each([0, 1, 100])("%i bytes: prefix, flag, message", (size) => {
    const into = new FrameBuffer();
    framer.frame(new Uint8Array(size).fill(7), into);
    const written = Buffer.from(into.bytes.subarray(0, into.position));
    expect(written[0]).toBe(compression === "identity" ? 0 : 1);
    expect(written.readUInt32BE(1)).toBe(written.length - 5);
    expect(Buffer.from(inflate[compression](written.subarray(5)))).toEqual(Buffer.alloc(size, 7));
  });

  test("one byte over the limit is refused by its size before compression, and nothing is written", () => {
    const into = new FrameBuffer();
    framer.frame(new Uint8Array(3), into);
    const { position } = into;
    const details = "the message has 101 bytes; the limit is 100 bytes (maxSendMessageBytes)";
    expect(() => framer.frame(new Uint8Array(101), into)).toThrow(
      expect.objectContaining({ code: status.RESOURCE_EXHAUSTED, details }),
    );
    expect(into.position).toBe(position);
  });

  test("what the codec throws comes out, and nothing is written", () => {
    const into = new FrameBuffer();
    expect(() => framer.frame(new Uint8Array(13), into)).toThrow(new TypeError("thirteen"));
    expect(into.position).toBe(0);
  });
});
