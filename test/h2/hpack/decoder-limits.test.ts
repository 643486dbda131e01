import { describe, expect, test } from "vitest";
import { HpackDecoder } from "../../../src/runtime/h2/hpack/index.js";
import { bytesOf, decodeAll } from "./support.js";

const decode = (subject: HpackDecoder, hex: string) => {
  const bytes = bytesOf(hex);
  return subject.decode(bytes, 0, bytes.length);
};

describe("lists that are too large", () => {
  test("are counted as RFC 9113, 6.5.2 does, to the byte", () => {
    // Two pairs of 34 bytes.
    const block = "0001610162 0001630164";
    expect(decode(new HpackDecoder({ maxTableSize: 4096, maxListSize: 68 }), block)).toEqual({
      headers: ["a", "b", "c", "d"],
      size: 68,
      pairs: 2,
      tooLarge: false,
    });
    expect(decode(new HpackDecoder({ maxTableSize: 4096, maxListSize: 67 }), block)).toEqual({
      headers: ["a", "b"],
      size: 68,
      pairs: 2,
      tooLarge: true,
    });
  });

  test("have too many pairs", () => {
    const subject = new HpackDecoder({ maxTableSize: 4096, maxListSize: 4096, maxPairs: 2 });
    expect(decode(subject, "8283").tooLarge).toBe(false);
    expect(decode(subject, "828384")).toMatchObject({ headers: [":method", "GET", ":method", "POST"], pairs: 3 });
  });

  test("keep nothing behind the first header that did not fit, even if it would", () => {
    const subject = new HpackDecoder({ maxTableSize: 4096, maxListSize: 100 });
    const { headers, pairs, tooLarge } = decode(subject, `0001610162 000161 28${"78".repeat(40)} 0001630164`);
    expect({ headers, pairs, tooLarge }).toEqual({ headers: ["a", "b"], pairs: 3, tooLarge: true });
  });

  test("leave the table in step", () => {
    const subject = new HpackDecoder({ maxTableSize: 4096, maxListSize: 40 });
    expect(decode(subject, "4001610162 4001630164 4001650166").tooLarge).toBe(true);
    expect(subject.entries()).toEqual([
      ["e", "f"],
      ["c", "d"],
      ["a", "b"],
    ]);
    expect(decode(subject, "c0")).toEqual({ headers: ["a", "b"], size: 34, pairs: 1, tooLarge: false });
  });

  test("still end the connection where they are malformed", () => {
    const subject = new HpackDecoder({ maxTableSize: 4096, maxListSize: 40 });
    expect(() => decode(subject, "0001610162 0001630164 000161 84ffffffff")).toThrow(/EOS/);
  });
});

describe("attacks", () => {
  test("HPACK bomb: a block of references to one large entry is counted, not built", () => {
    const subject = new HpackDecoder({ maxTableSize: 4096, maxListSize: 16_384 });
    const value = "78".repeat(4000);
    decode(subject, `400161 7fa11e${value}`);
    expect(subject.entries()).toEqual([["a", "x".repeat(4000)]]);
    const bomb = new Uint8Array(16_384).fill(0xbe);
    const { headers, size, pairs, tooLarge } = subject.decode(bomb, 0, bomb.length);
    expect({ kept: headers.length, size, pairs, tooLarge }).toEqual({
      kept: 8,
      size: 16_384 * 4033,
      pairs: 16_384,
      tooLarge: true,
    });
  });

  test("table thrash: entries come and go, and the table stays as small as it is", () => {
    const subject = new HpackDecoder({ maxTableSize: 4096, maxListSize: 1_000_000 });
    const block = bytesOf("40 0161 0162".repeat(10_000));
    for (let i = 0; i < 10; i++) subject.decode(block, 0, block.length);
    expect(subject.entries()).toHaveLength(Math.floor(4096 / 34));
  });

  test("table thrash: emptied and filled in every block", () => {
    const subject = new HpackDecoder({ maxTableSize: 4096, maxListSize: 1_000_000 });
    const block = bytesOf(`20 3fe11f ${"40 0161 0162".repeat(120)}`);
    for (let i = 0; i < 1000; i++) subject.decode(block, 0, block.length);
    expect(subject.entries()).toHaveLength(120);
  });

  test("a string longer than the scratch bytes that are kept", () => {
    const subject = new HpackDecoder({ maxTableSize: 4096, maxListSize: 200_000 });
    // 65 536 zero bytes are 104 857 times "0" and three bits that are no padding; ones instead are.
    const long = bytesOf(`000161 ff81ff03${"00".repeat(65_535)}07`);
    expect(decodeAll(subject, long)[1]).toBe("0".repeat(104_857));
    expect(decodeAll(subject, bytesOf("000161 811f"))).toEqual(["a", "a"]);
  });
});
