import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { status } from "../../src/runtime/index.js";
import { nodeCompressor } from "../../src/runtime/platform/node/compressor.js";
import { Deframer } from "../../src/runtime/wire/deframer.js";
import { MessageDecoder } from "../../src/runtime/wire/message-decoder.js";

const LIMIT = 1_000;

/** Messages are their bytes as Latin-1 text. */
function deframer(limit = LIMIT) {
  let consumed = 0;
  const codec = {
    typeName: "test.Text",
    encode: () => {},
    decode(bytes: Uint8Array) {
      const text = Buffer.from(bytes).toString("latin1");
      if (text === "bad") throw new Error("malformed");
      return text;
    },
  };
  const options = { maxReceiveMessageBytes: limit, compressor: nodeCompressor };
  const frames = new Deframer<string>(new MessageDecoder(codec, options), {
    onConsumed(bytes) {
      consumed += bytes;
    },
  });
  return { frames, consumed: () => consumed };
}

function framed(...texts: string[]): Buffer {
  return Buffer.concat(
    texts.map((text) => {
      const prefix = Buffer.alloc(5);
      prefix.writeUInt32BE(text.length, 1);
      return Buffer.concat([prefix, Buffer.from(text, "latin1")]);
    }),
  );
}

function take(frames: Deframer<string>, count = frames.waiting): string[] {
  return Array.from({ length: count }, () => frames.next());
}

/** Pushes from a buffer that is written over afterwards, as a socket's is. */
function push(frames: Deframer<string>, bytes: Uint8Array, read?: () => void): boolean {
  const shared = Buffer.concat([Buffer.from("xx"), bytes, Buffer.from("yy")]);
  const readable = frames.push(shared, 2, 2 + bytes.length);
  read?.();
  frames.hold();
  shared.fill(0x7f);
  return readable;
}

test("whole messages in one piece, taken where they lie", () => {
  const { frames, consumed } = deframer();
  const got: string[] = [];
  expect(push(frames, framed("one", "", "three"), () => got.push(...take(frames)))).toBe(true);
  expect(got).toEqual(["one", "", "three"]);
  expect(consumed()).toBe(15 + 8);
  expect(frames.truncated).toBe(false);
});

test("what is not taken at once is kept, and the peer is not credited for it", () => {
  const { frames, consumed } = deframer();
  push(frames, framed("one", "two"));
  expect([frames.waiting, consumed()]).toEqual([2, 0]);
  expect(take(frames)).toEqual(["one", "two"]);
  expect(consumed()).toBe(16);
});

test("a message is readable when its last byte is there", () => {
  const { frames } = deframer();
  const bytes = framed("hello");
  for (let at = 0; at < bytes.length - 1; at++) {
    expect(push(frames, bytes.subarray(at, at + 1))).toBe(false);
    expect([frames.waiting, frames.truncated]).toEqual([0, true]);
  }
  expect(push(frames, bytes.subarray(-1))).toBe(true);
  expect(take(frames)).toEqual(["hello"]);
  expect(frames.truncated).toBe(false);
});

test("however the bytes are cut and whenever they are taken, messages come whole and in order, and every byte is credited once", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 200 }), { maxLength: 30 }),
      fc.array(fc.integer({ min: 1, max: 120 }), { minLength: 1, maxLength: 40 }),
      fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 40 }),
      (sizes, cuts, takes) => {
        const texts = sizes.map((size, i) => String.fromCharCode(97 + (i % 26)).repeat(size));
        const bytes = framed(...texts);
        const { frames, consumed } = deframer();
        const got: string[] = [];
        for (let at = 0, turn = 0; at < bytes.length; turn++) {
          const end = Math.min(bytes.length, at + cuts[turn % cuts.length]!);
          const wanted = takes[turn % takes.length]!;
          push(frames, bytes.subarray(at, end), () => got.push(...take(frames, Math.min(wanted, frames.waiting))));
          at = end;
        }
        got.push(...take(frames));
        expect(got).toEqual(texts);
        expect(consumed()).toBe(bytes.length);
        expect(frames.truncated).toBe(false);
      },
    ),
    { numRuns: 500 },
  );
});

describe("a message over the limit", () => {
  const long = "x".repeat(LIMIT + 1);

  test("is refused by its prefix, behind the messages before it", () => {
    const { frames } = deframer();
    expect(push(frames, framed("one", long).subarray(0, 8 + 5))).toBe(true);
    expect(frames.waiting).toBe(2);
    expect(frames.next()).toBe("one");
    expect(() => frames.next()).toThrow(/message of 1001 bytes; the limit is 1000 bytes \(maxReceiveMessageBytes\)/);
  });

  test("is refused wherever its prefix is cut, and all its bytes are credited", () => {
    for (let cut = 1; cut <= 5; cut++) {
      const { frames, consumed } = deframer();
      const bytes = framed(long);
      push(frames, bytes.subarray(0, cut));
      push(frames, bytes.subarray(cut));
      push(frames, framed("behind"));
      expect(frames.waiting).toBe(1);
      expect(() => frames.next()).toThrow(expect.objectContaining({ code: status.RESOURCE_EXHAUSTED }));
      expect(consumed()).toBe(bytes.length + 11);
    }
  });

  test("at the limit it is taken", () => {
    const { frames } = deframer();
    push(frames, framed("x".repeat(LIMIT)));
    expect(frames.next().length).toBe(LIMIT);
  });
});

test("behind a message that is none, nothing is read", () => {
  const { frames, consumed } = deframer();
  push(frames, framed("one", "bad", "three"));
  expect(frames.next()).toBe("one");
  expect(() => frames.next()).toThrow(
    expect.objectContaining({ code: status.INTERNAL, details: "cannot decode test.Text: malformed" }),
  );
  expect(frames.waiting).toBe(0);
  push(frames, framed("four"));
  expect(frames.waiting).toBe(0);
  expect(consumed()).toBe(8 + 8 + 10 + 9);
});

test("what is dropped is credited, and so is what comes after", () => {
  const { frames, consumed } = deframer();
  push(frames, framed("one", "two").subarray(0, 12));
  frames.drop();
  expect(consumed()).toBe(12);
  push(frames, framed("more"));
  expect([frames.waiting, consumed()]).toEqual([0, 12 + 9]);
});

test.each([
  ["a flag that is none", 2, "gzip", "unknown flag byte 2"],
  ["compressed without an encoding", 1, "identity", "grpc-encoding is identity"],
  ["bytes that are not gzip", 1, "gzip", "not valid gzip"],
] as const)("%s is INTERNAL", (_, flag, encoding, text) => {
  const { frames } = deframer();
  frames.encoding = encoding;
  const bytes = framed("abc");
  bytes[0] = flag;
  push(frames, bytes);
  expect(() => frames.next()).toThrow(text);
});

test("a compressed message is inflated, but not past the limit", () => {
  const { frames } = deframer();
  frames.encoding = "gzip";
  for (const size of [LIMIT, LIMIT + 1]) {
    const packed = framed(Buffer.from(nodeCompressor.compress(Buffer.alloc(size, "z"), "gzip")).toString("latin1"));
    packed[0] = 1;
    push(frames, packed);
  }
  expect(frames.next().length).toBe(LIMIT);
  expect(frames.compressed).toBe(true);
  expect(() => frames.next()).toThrow(expect.objectContaining({ code: status.RESOURCE_EXHAUSTED }));
});

test("memory follows what came, not what was announced", () => {
  const { frames } = deframer(64 * 1024 * 1024);
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(60 * 1024 * 1024, 1);
  const before = process.memoryUsage().arrayBuffers;
  push(frames, Buffer.concat([prefix, Buffer.alloc(100)]));
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1024 * 1024);
  expect(frames.truncated).toBe(true);
});

test("several pieces of one read, taken in between and behind: in order, and credited once", () => {
  const texts = fc.array(
    fc.string({ unit: fc.integer({ min: 97, max: 122 }).map((c) => String.fromCharCode(c)), maxLength: 40 }),
    { maxLength: 12 },
  );
  const reads = fc.array(
    fc.array(fc.record({ size: fc.integer({ min: 1, max: 60 }), takes: fc.nat(2) }), { maxLength: 5 }),
    { maxLength: 8 },
  );
  fc.assert(
    fc.property(texts, reads, (sent, plan) => {
      const { frames, consumed } = deframer();
      const bytes = framed(...sent);
      const got: string[] = [];
      let at = 0;
      for (const pieces of [...plan, [{ size: bytes.length, takes: sent.length }]]) {
        // The frames of a read lie in one buffer, with something between.
        const place = Buffer.alloc(bytes.length + 10 * pieces.length, 0x7f);
        let to = 0;
        for (const { size, takes } of pieces) {
          const length = Math.min(size, bytes.length - at);
          if (length === 0) continue;
          bytes.copy(place, to, at, at + length);
          frames.push(place, to, to + length);
          at += length;
          to += length + 9;
          got.push(...take(frames, Math.min(takes, frames.waiting)));
        }
        frames.hold();
        place.fill(0x7f);
      }
      got.push(...take(frames));
      expect(got).toEqual(sent);
      expect(consumed()).toBe(bytes.length);
      expect(frames.truncated).toBe(false);
    }),
  );
});

test("a message that is all of its piece is not one that a codec may keep parts of", () => {
  // As esCodec and protobuf-es do: parts of bytes that are nobody else's are views (`Codec.decode`).
  const keeping = {
    typeName: "test.Bytes",
    encode: () => {},
    decode: (bytes: Uint8Array) => (bytes.buffer.byteLength - bytes.length <= 5 ? bytes : Uint8Array.from(bytes)),
  };
  const options = { maxReceiveMessageBytes: LIMIT, compressor: nodeCompressor };
  const frames = new Deframer<Uint8Array>(new MessageDecoder(keeping, options), { onConsumed: () => {} });
  const place = Uint8Array.from(framed("a whole read"));
  frames.push(place, 0, place.length);
  const message = frames.next();
  frames.hold();
  place.fill(0x7f);
  expect(Buffer.from(message).toString()).toBe("a whole read");
});

describe("credit", () => {
  const text = "x".repeat(600);

  test("a message that is still coming gives credit as it comes, where nothing else waits", () => {
    const { frames, consumed } = deframer();
    const bytes = framed(text);
    push(frames, bytes.subarray(0, 3));
    expect(consumed()).toBe(3);
    push(frames, bytes.subarray(3, 100));
    expect(consumed()).toBe(100);
    push(frames, bytes.subarray(100));
    expect(consumed()).toBe(100);
    expect(take(frames)).toEqual([text]);
    expect(consumed()).toBe(bytes.length);
  });

  test("it gives none while another waits, and all that came once that is taken", () => {
    const { frames, consumed } = deframer();
    const bytes = framed("one", "two", text);
    push(frames, bytes.subarray(0, 50));
    expect(consumed()).toBe(0);
    expect(frames.next()).toBe("one");
    expect(consumed()).toBe(0);
    expect(frames.next()).toBe("two");
    expect(consumed()).toBe(50);
  });

  test("what is dropped half-way gives back what was not given yet", () => {
    const { frames, consumed } = deframer();
    push(frames, framed(text).subarray(0, 100));
    expect(consumed()).toBe(100);
    frames.drop();
    frames.drop();
    expect(consumed()).toBe(100);
    const live = deframer();
    const bytes = Buffer.concat([Buffer.from("xx"), framed("one", "two", "three")]);
    live.frames.push(bytes, 2, bytes.length);
    expect(live.frames.next()).toBe("one");
    live.frames.drop();
    expect(live.consumed()).toBe(bytes.length - 2);
  });

  test("of messages that wait, those taken are credited 8 KiB at a time", () => {
    const { frames, consumed } = deframer(3000);
    // Three messages of 2,731 bytes with their prefixes are one byte more than 8 KiB.
    push(frames, framed(...Array<string>(6).fill("y".repeat(2726))));
    const seen = Array.from({ length: 6 }, () => {
      frames.next();
      return consumed();
    });
    expect(seen).toEqual([0, 0, 8193, 8193, 8193, 16_386]);
    const even = deframer(5000);
    push(even.frames, framed(...Array<string>(3).fill("y".repeat(4091))));
    even.frames.next();
    expect(even.consumed()).toBe(0);
    even.frames.next();
    expect(even.consumed()).toBe(8192);
  });

  test("a message over the limit, told by a prefix that was cut, is credited whole and once", () => {
    const { frames, consumed } = deframer();
    const long = framed("z".repeat(LIMIT + 1));
    push(frames, Buffer.concat([framed("one"), long.subarray(0, 3)]));
    expect(consumed()).toBe(0);
    push(frames, long.subarray(3));
    expect(frames.next()).toBe("one");
    expect(() => frames.next()).toThrow(/limit is 1000/);
    expect(consumed()).toBe(8 + long.length);
  });
});

test("whether messages may come compressed, and the last one did", () => {
  const { frames } = deframer();
  expect([frames.encoding, frames.mayBeCompressed, frames.compressed]).toEqual(["identity", false, false]);
  frames.encoding = "gzip";
  expect(frames.mayBeCompressed).toBe(true);
  const packed = framed(Buffer.from(nodeCompressor.compress(Buffer.from("z"), "gzip")).toString("latin1"));
  packed[0] = 1;
  push(frames, Buffer.concat([packed, framed("plain")]));
  frames.next();
  expect(frames.compressed).toBe(true);
  frames.next();
  expect(frames.compressed).toBe(false);
});

test("nothing is readable once it is dropped", () => {
  const { frames } = deframer();
  frames.drop();
  expect(push(frames, framed("one"))).toBe(false);
});
