import { describe, expect, test } from "vitest";
import { HpackEncoder, isSensitiveOrBinary } from "../../../src/runtime/h2/hpack/index.js";
import { decodeAll, decoder, encodeAll, hexOf, sizeOf } from "./support.js";

const request = (path = "/shop.v1.Orders/List", ...more: string[]): string[] => [
  ...[":method", "POST", ":scheme", "http", ":path", path, ":authority", "orders.internal:50051"],
  ...["te", "trailers", "content-type", "application/grpc", "user-agent", "grpc-node-gen-stubs/1.0.0", ...more],
];
const response = [":status", "200", "content-type", "application/grpc", "grpc-accept-encoding", "identity,gzip"];
const trailers = ["grpc-status", "0"];

describe("what is sent again and again", () => {
  test("takes a byte a header from the second time on, whatever comes between", () => {
    const encoder = new HpackEncoder();
    const subject = decoder();
    for (let i = 0; i < 100; i++) {
      for (const list of [request(), response, trailers]) {
        const block = encodeAll(encoder, list);
        expect(decodeAll(subject, block)).toEqual(list);
        if (i > 0) expect(block.length).toBe(list.length / 2);
      }
    }
  });

  test("many methods in turns: all of them, from the third time on", () => {
    const encoder = new HpackEncoder();
    for (let round = 0; round < 4; round++) {
      for (let method = 0; method < 20; method++) {
        const block = encodeAll(encoder, request(`/shop.v1.Orders/Method${method}`));
        if (round >= 2) expect(block.length).toBe(7);
      }
    }
  });
});

test("a header that was evicted and came again elsewhere is found where it was before", () => {
  const encoder = new HpackEncoder({ maxTableSize: 100 }); // two entries
  const list = ["accept-encoding", "gzip, deflate", "x-a", "1"];
  for (const pairs of [list, ["x-b", "1"], ["x-c", "1"], ["x-a", "1"]]) encodeAll(encoder, pairs);
  expect(hexOf(encodeAll(encoder, list))).toBe("90be");
});

describe("values that differ from call to call", () => {
  const changing = (i: number): string[] =>
    request(undefined, "grpc-timeout", `${1_000_000 + i}u`, "x-request-id", `${i}-6d5b0b6e-8d4c-4f0e-9a55`);

  test("do not drive out those that do not", () => {
    const encoder = new HpackEncoder();
    const subject = decoder();
    for (let i = 0; i < 2000; i++) {
      expect(decodeAll(subject, encodeAll(encoder, changing(i)))).toEqual(changing(i));
    }
    // One value each gave the name an index.
    expect(encoder.entries().filter(([name]) => name === "grpc-timeout" || name === "x-request-id")).toHaveLength(2);
    expect(encoder.entries()).toHaveLength(7);
  });

  test("names that differ, too, cost entries and nothing else", () => {
    const encoder = new HpackEncoder();
    const subject = decoder();
    for (let i = 0; i < 2000; i++) {
      const list = request(undefined, `x-${i}`, "1");
      expect(decodeAll(subject, encodeAll(encoder, list))).toEqual(list);
    }
    expect(sizeOf(encoder.entries())).toBeLessThanOrEqual(4096);
    expect(subject.entries()).toEqual(encoder.entries());
  });

  test("a value larger than most of the table stays out of it", () => {
    const encoder = new HpackEncoder();
    encodeAll(encoder, trailers);
    for (let i = 0; i < 3; i++) encodeAll(encoder, ["x-large", "x".repeat(4000)]);
    expect(encoder.entries()).toEqual([["grpc-status", "0"]]);
  });

  test("a large value enters when it comes again", () => {
    const encoder = new HpackEncoder();
    const list = ["x-token", "x".repeat(1500)];
    encodeAll(encoder, list);
    expect(encoder.entries()).toEqual([]);
    encodeAll(encoder, list);
    expect(encodeAll(encoder, list)).toHaveLength(1);
  });
});

describe("long values that enter no table", () => {
  const token = `Bearer ${"eyJhbGciOiJSUzI1NiJ9.".repeat(20)}`;
  test.each([
    ["ASCII", token],
    ["other bytes", `${token}\xe9`],
    ["other bytes that are UTF-8", `${token}\xc3\xa9\xef\xbf\xbd`],
    ["a byte order mark", `\xef\xbb\xbf${token}`],
    ["no ASCII", "\xe9".repeat(400)],
  ])("%s: as they are", (_what, value) => {
    const block = encodeAll(new HpackEncoder(), ["authorization", value]);
    expect(block.length).toBe(2 + 3 + value.length);
    expect(decodeAll(decoder(), block)).toEqual(["authorization", value]);
  });

  test("characters that are no bytes are an error", () => {
    for (const bad of ["\u0100", "\u{1f600}", "\ud800"]) {
      expect(() => encodeAll(new HpackEncoder(), ["authorization", token + bad])).toThrow(RangeError);
    }
  });
});

describe("secrets", () => {
  const names = ["authorization", "cookie", "proxy-authorization", "set-cookie"];
  test.each(names)("%s is never indexed", (name) => {
    const encoder = new HpackEncoder();
    for (let i = 0; i < 3; i++) {
      const block = encodeAll(encoder, [name, "secret"]);
      expect(block[0]! & 0xf0).toBe(0x10);
      expect(decodeAll(decoder(), block)).toEqual([name, "secret"]);
    }
    expect(encoder.entries()).toEqual([]);
  });

  test("binary metadata is by option", () => {
    const encoder = new HpackEncoder({ sensitive: isSensitiveOrBinary });
    const block = encodeAll(encoder, ["trace-bin", "AAAA", "authorization", "secret"]);
    expect(block[0]).toBe(0x10);
    expect(encoder.entries()).toEqual([]);
    const open = new HpackEncoder();
    encodeAll(open, ["trace-bin", "AAAA"]);
    expect(open.entries()).toEqual([["trace-bin", "AAAA"]]);
  });

  test("not even an empty one takes the pair of the static table", () => {
    // https://www.rfc-editor.org/rfc/rfc7541#section-6.2.3: always a literal
    expect(hexOf(encodeAll(new HpackEncoder(), ["cookie", ""]))).toBe("1f1100");
  });
});

describe("the peer's table size", () => {
  test("the least and the last of several are said, at the next block", () => {
    const encoder = new HpackEncoder();
    encodeAll(encoder, trailers);
    encoder.setPeerTableSize(100);
    encoder.setPeerTableSize(0);
    encoder.setPeerTableSize(2048);
    expect(hexOf(encodeAll(encoder, [":method", "GET"]))).toBe("203fe10f82");
    expect(encoder.entries()).toEqual([]);
    expect(hexOf(encodeAll(encoder, [":method", "GET"]))).toBe("82");
  });

  test("a smaller one and back is said, since the peer has evicted", () => {
    const encoder = new HpackEncoder();
    encoder.setPeerTableSize(0);
    encoder.setPeerTableSize(4096);
    expect(hexOf(encodeAll(encoder, [":method", "GET"]))).toBe("203fe11f82");
  });

  test("what changes nothing is not said", () => {
    const encoder = new HpackEncoder();
    encoder.setPeerTableSize(65_536);
    encoder.setPeerTableSize(4096);
    expect(hexOf(encodeAll(encoder, [":method", "GET"]))).toBe("82");
  });

  test("our own maximum is said with the first block where it is less, and is never passed", () => {
    const small = new HpackEncoder({ maxTableSize: 128 });
    expect(hexOf(encodeAll(small, [":method", "GET"]))).toBe("3f6182");
    const none = new HpackEncoder({ maxTableSize: 0 });
    none.setPeerTableSize(8192);
    expect(hexOf(encodeAll(none, [":method", "GET"]))).toBe("2082");
    for (let i = 0; i < 3; i++) encodeAll(none, trailers);
    expect(none.entries()).toEqual([]);
  });

  test("a large one is used where we were told to", () => {
    const encoder = new HpackEncoder({ maxTableSize: 1_000_000 });
    const subject = decoder(1_000_000);
    encoder.setPeerTableSize(1_000_000);
    const lists = Array.from({ length: 5000 }, (_, i) => [`x-${i}`, "x".repeat(30)]);
    for (const list of lists) expect(decodeAll(subject, encodeAll(encoder, list))).toEqual(list);
    for (const list of lists) {
      const block = encodeAll(encoder, list);
      expect(block.length).toBeLessThanOrEqual(4);
      expect(decodeAll(subject, block)).toEqual(list);
    }
  });
});

describe("characters that are no bytes", () => {
  const bad: [what: string, headers: string[]][] = [
    ["a value", ["x-a", "\u0100"]],
    ["a name", ["x-\u20ac", "a"]],
    ["behind a header that would enter the table", ["x-new", "1", "x-a", "\u{1f600}"]],
    ["behind a secret", ["authorization", "secret", "authorization", "\u0100"]],
  ];
  test.each(bad)("%s: an error, and nothing has happened", (_what, headers) => {
    const encoder = new HpackEncoder();
    encodeAll(encoder, trailers);
    expect(() => encodeAll(encoder, headers)).toThrow(RangeError);
    encoder.setPeerTableSize(0);
    expect(() => encodeAll(encoder, headers)).toThrow(RangeError);
    expect(encoder.entries()).toEqual([["grpc-status", "0"]]);
    expect(hexOf(encodeAll(encoder, [":method", "GET"]))).toBe("2082");
  });

  test("all others are", () => {
    const all = Array.from({ length: 256 }, (_, i) => String.fromCharCode(i));
    const list = all.flatMap((character) => [character, `${character}${character}`]).concat("all", all.join(""));
    const encoder = new HpackEncoder();
    const subject = decoder();
    for (let i = 0; i < 3; i++) expect(decodeAll(subject, encodeAll(encoder, list))).toEqual(list);
  });
});
