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

  test("a run is framed as its messages are, up to a size", () => {
    const messages = [1, 2, 3, 4, 5].map((size) => new Uint8Array(size));
    const [one, run] = [new FrameBuffer(), new FrameBuffer()];
    for (const message of messages) framer.frame(message, one);
    const all = { messages, at: 0 };
    framer.frameRun(all, run, 1_000);
    expect(all.at).toBe(5);
    expect(run.bytes.subarray(0, run.position)).toEqual(one.bytes.subarray(0, one.position));
    const some = { messages, at: 1 };
    framer.frameRun(some, new FrameBuffer(), 1);
    expect(some.at).toBe(2);
    // One byte before the end of the second message, and at its end.
    const two = new FrameBuffer();
    framer.frame(messages[0]!, two);
    framer.frame(messages[1]!, two);
    for (const [size, taken] of [
      [two.position, 2],
      [two.position + 1, 3],
    ] as const) {
      const part = { messages, at: 0 };
      framer.frameRun(part, new FrameBuffer(), size);
      expect(part.at).toBe(taken);
    }
  });

  test("of a run, what comes before a message that cannot be framed is framed", () => {
    const into = new FrameBuffer();
    const run = { messages: [new Uint8Array(2), new Uint8Array(13), new Uint8Array(2)], at: 0 };
    expect(() => framer.frameRun(run, into, 1_000)).toThrow(new TypeError("thirteen"));
    const first = new FrameBuffer();
    framer.frame(new Uint8Array(2), first);
    expect(run.at).toBe(1);
    expect(into.position).toBe(first.position);
  });

  test("what the codec throws comes out, and nothing is written", () => {
    const into = new FrameBuffer();
    expect(() => framer.frame(new Uint8Array(13), into)).toThrow(new TypeError("thirteen"));
    expect(into.position).toBe(0);
  });
});
