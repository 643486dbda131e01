import { deflateSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { monotonicMs } from "../../../src/runtime/core/clock.js";
import { Metadata } from "../../../src/runtime/core/metadata.js";
import { type StatusObject, statusObject } from "../../../src/runtime/core/rpc-error.js";
import { RpcError, status } from "../../../src/runtime/index.js";
import { EnvelopedBody, type EnvelopeReceiver } from "../../../src/runtime/transport/fetch/enveloped-body.js";
import type { Compression } from "../../../src/runtime/transport/transport.js";

const END = 0x80;

function envelope(flag: number, body: Uint8Array): Buffer {
  const head = Buffer.alloc(5);
  head[0] = flag;
  head.writeUInt32BE(body.length, 1);
  return Buffer.concat([head, body]);
}

/** A body, and what of it went through. */
function bodyOf(encoding: Compression, limits: Partial<EnvelopeReceiver> = {}) {
  const passed: Buffer[] = [];
  const ends: Buffer[] = [];
  const receiver: EnvelopeReceiver = {
    maxReceiveMessageBytes: 1_000,
    maxMetadataBytes: 100,
    deadline: Number.POSITIVE_INFINITY,
    truncated: false,
    onEnvelopes: (bytes, start, end) => void passed.push(Buffer.from(bytes.subarray(start, end))),
    ...limits,
  };
  const statusOfEnd = (bytes: Uint8Array): StatusObject => {
    ends.push(Buffer.from(bytes));
    return statusObject(status.OK, "the end");
  };
  const body = new EnvelopedBody(
    { kind: "enveloped", header: new Metadata(), encoding, endFlag: END, statusOfEnd },
    receiver,
  );
  return { body, passed: () => Buffer.concat(passed), ends };
}

describe("envelopes of a response", () => {
  const messages = [envelope(0, Buffer.from("one")), envelope(0, Buffer.alloc(0)), envelope(0, Buffer.alloc(300, 7))];
  const end = envelope(END, Buffer.from("trailers"));
  const whole = Buffer.concat([...messages, end]);

  test.each(Array.from({ length: whole.length - 1 }, (_, i) => i + 1))("cut at byte %i", async (cut) => {
    const { body, passed, ends } = bodyOf("identity");
    await body.push(whole.subarray(0, cut));
    await body.push(whole.subarray(cut));
    expect(passed()).toEqual(Buffer.concat(messages));
    expect(ends).toEqual([Buffer.from("trailers")]);
    expect(body.end()).toMatchObject({ code: status.OK, details: "the end" });
  });

  test.each([1, 2, 3, 7])("in pieces of %i bytes", async (size) => {
    const { body, passed, ends } = bodyOf("identity");
    for (let at = 0; at < whole.length; at += size) await body.push(whole.subarray(at, at + size));
    expect([passed(), ends]).toEqual([Buffer.concat(messages), [Buffer.from("trailers")]]);
  });

  test.each([
    ["gzip", gzipSync],
    ["deflate", deflateSync],
  ] as const)("messages and the end in %s, between others, in pieces of any size", async (encoding, compress) => {
    const inflated = Buffer.from("a message that was compressed");
    const sent = Buffer.concat([
      envelope(0, Buffer.from("plain")),
      envelope(1, compress(inflated)),
      envelope(0, Buffer.from("plain again")),
      envelope(1, compress(Buffer.alloc(0))),
      envelope(END | 1, compress(Buffer.from("trailers"))),
    ]);
    for (const size of [1, 5, 16, sent.length]) {
      const { body, passed, ends } = bodyOf(encoding);
      for (let at = 0; at < sent.length; at += size) await body.push(sent.subarray(at, at + size));
      expect(passed()).toEqual(
        Buffer.concat([
          envelope(0, Buffer.from("plain")),
          envelope(1, inflated),
          envelope(0, Buffer.from("plain again")),
          envelope(1, Buffer.alloc(0)),
        ]),
      );
      expect(ends).toEqual([Buffer.from("trailers")]);
    }
  });

  const fault = async (pieces: readonly Uint8Array[], encoding: Compression = "identity"): Promise<unknown> => {
    const { body } = bodyOf(encoding);
    try {
      for (const piece of pieces) await body.push(piece);
    } catch (error) {
      expect(error).toBeInstanceOf(RpcError);
      return error;
    }
    return body.end();
  };

  test("a message that inflates past the limit is stopped there (P12)", async () => {
    const bomb = envelope(1, gzipSync(Buffer.alloc(50_000_000)));
    expect(bomb.length).toBeGreaterThan(1_000); // what comes is past the limit too: the prefix goes on, and is refused
    const small = envelope(1, gzipSync(Buffer.alloc(100_000)));
    expect(small.length).toBeLessThan(1_000);
    expect(await fault([small], "gzip")).toMatchObject({ code: status.RESOURCE_EXHAUSTED });
    const { body, passed } = bodyOf("gzip");
    await body.push(bomb.subarray(0, 100));
    expect(passed()).toEqual(bomb.subarray(0, 100));
  });

  test.each([
    ["bytes that are no gzip", [envelope(1, Buffer.from("nonsense"))], "gzip", status.INTERNAL, "not valid gzip"],
    ["an end that inflates past its limit", [envelope(END | 1, gzipSync(Buffer.alloc(200)))], "gzip", 8, "limit"],
    ["an end past its limit", [envelope(END, Buffer.alloc(101))], "identity", 8, "maxMetadataBytes"],
    ["a compressed end, and no encoding", [envelope(END | 1, gzipSync("x"))], "identity", 13, "no encoding"],
    ["more behind the end", [Buffer.concat([end, envelope(0, Buffer.from("x"))])], "identity", 13, "behind the end"],
    ["a byte behind the end, later", [end, Buffer.from([0])], "identity", 13, "behind the end"],
    ["no end", [envelope(0, Buffer.from("x"))], "identity", 13, "without a status"],
    ["nothing", [], "identity", 13, "without a status"],
    ["half a prefix", [Buffer.from([0, 0])], "identity", 13, "within a message"],
    ["half an end", [end.subarray(0, 7)], "identity", 13, "within a message"],
    ["half a message", [whole.subarray(0, 7)], "identity", 13, "within a message"],
  ] as const)("%s", async (_, pieces, encoding, code, text) => {
    expect(await fault(pieces, encoding)).toMatchObject({ code, details: expect.stringContaining(text) });
  });

  test.each([
    ["without a status", envelope(0, Buffer.from("x"))],
    ["within a message", whole.subarray(0, 7)],
  ])("%s at the deadline: that is why, for a server or a proxy that gives up then (P5)", async (text, piece) => {
    const { body } = bodyOf("identity", { deadline: monotonicMs() });
    await body.push(piece);
    const details = `deadline exceeded: the response ended ${text}`;
    expect(body.end()).toMatchObject({ code: status.DEADLINE_EXCEEDED, details });
  });

  test("a message that has begun when the receiver says so is no clean end (P6)", async () => {
    const { body } = bodyOf("identity", { truncated: true });
    await body.push(end);
    expect(body.end().code).toBe(status.INTERNAL);
  });
});
