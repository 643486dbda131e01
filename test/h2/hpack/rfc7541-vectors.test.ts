import { describe, expect, test } from "vitest";
import { HpackDecoder, HpackEncoder } from "../../../src/runtime/h2/hpack/index.js";
import { writeInteger } from "../../../src/runtime/h2/hpack/integer.js";
import { LiteralReader } from "../../../src/runtime/h2/hpack/literal-reader.js";
import { bytesOf, decodeAll, decoder, encodeAll, hexOf, sizeOf } from "./support.js";

// https://www.rfc-editor.org/rfc/rfc7541#appendix-C

describe("C.1: integers", () => {
  const cases: [value: number, prefixBits: number, hex: string][] = [
    [10, 5, "0a"],
    [1337, 5, "1f9a0a"],
    [42, 8, "2a"],
  ];
  test.each(cases)("%i in %i bits", (value, prefixBits, hex) => {
    const bytes = new Uint8Array(8);
    expect(hexOf(bytes.slice(0, writeInteger(value, prefixBits, 0, bytes, 0)))).toBe(hex);
    const reader = new LiteralReader();
    reader.open(bytes, 0, bytes.length);
    expect(reader.integer(prefixBits)).toBe(value);
    expect(reader.at).toBe(hex.length / 2);
  });
});

describe("C.2: header fields", () => {
  const cases: [what: string, hex: string, headers: string[], entries: [string, string][]][] = [
    [
      "literal with indexing",
      "400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572",
      ["custom-key", "custom-header"],
      [["custom-key", "custom-header"]],
    ],
    ["literal without indexing", "040c 2f73 616d 706c 652f 7061 7468", [":path", "/sample/path"], []],
    ["literal never indexed", "1008 7061 7373 776f 7264 0673 6563 7265 74", ["password", "secret"], []],
    ["indexed", "82", [":method", "GET"], []],
  ];
  test.each(cases)("%s", (_what, hex, headers, entries) => {
    const subject = decoder();
    expect(decodeAll(subject, bytesOf(hex))).toEqual(headers);
    expect(subject.entries()).toEqual(entries);
  });
});

interface Step {
  readonly hex: string;
  readonly headers: readonly string[];
  readonly entries: readonly [string, string][];
}

const first = [":method", "GET", ":scheme", "http", ":path", "/", ":authority", "www.example.com"];
const requests = (hex: readonly [string, string, string]): Step[] => [
  { hex: hex[0], headers: first, entries: [[":authority", "www.example.com"]] },
  {
    hex: hex[1],
    headers: [...first, "cache-control", "no-cache"],
    entries: [
      ["cache-control", "no-cache"],
      [":authority", "www.example.com"],
    ],
  },
  {
    hex: hex[2],
    headers: [
      ...[":method", "GET", ":scheme", "https", ":path", "/index.html", ":authority", "www.example.com"],
      ...["custom-key", "custom-value"],
    ],
    entries: [
      ["custom-key", "custom-value"],
      ["cache-control", "no-cache"],
      [":authority", "www.example.com"],
    ],
  },
];

const plainRequests = requests([
  "8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d",
  "8286 84be 5808 6e6f 2d63 6163 6865",
  "8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65",
]);
const huffmanRequests = requests([
  "8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff",
  "8286 84be 5886 a8eb 1064 9cbf",
  "8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf",
]);

const date1 = "Mon, 21 Oct 2013 20:13:21 GMT";
const date2 = "Mon, 21 Oct 2013 20:13:22 GMT";
const location = "https://www.example.com";
const cookie = "foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1";
const responses = (hex: readonly [string, string, string]): Step[] => [
  {
    hex: hex[0],
    headers: [":status", "302", "cache-control", "private", "date", date1, "location", location],
    entries: [
      ["location", location],
      ["date", date1],
      ["cache-control", "private"],
      [":status", "302"],
    ],
  },
  {
    hex: hex[1],
    headers: [":status", "307", "cache-control", "private", "date", date1, "location", location],
    entries: [
      [":status", "307"],
      ["location", location],
      ["date", date1],
      ["cache-control", "private"],
    ],
  },
  {
    hex: hex[2],
    headers: [
      ...[":status", "200", "cache-control", "private", "date", date2, "location", location],
      ...["content-encoding", "gzip", "set-cookie", cookie],
    ],
    entries: [
      ["set-cookie", cookie],
      ["content-encoding", "gzip"],
      ["date", date2],
    ],
  },
];
const plainResponses = responses([
  "4803 3330 3258 0770 7269 7661 7465 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3120 474d 546e 1768 7474 7073 3a2f 2f77 7777 2e65 7861 6d70 6c65 2e63 6f6d",
  "4803 3330 37c1 c0bf",
  "88c1 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3220 474d 54c0 5a04 677a 6970 7738 666f 6f3d 4153 444a 4b48 514b 425a 584f 5157 454f 5049 5541 5851 5745 4f49 553b 206d 6178 2d61 6765 3d33 3630 303b 2076 6572 7369 6f6e 3d31",
]);
const huffmanResponses = responses([
  "4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e 919d 29ad 1718 63c7 8f0b 97c8 e9ae 82ae 43d3",
  "4883 640e ffc1 c0bf",
  "88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab 77ad 94e7 821d d7f2 e6c7 b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0 03ed 4ee5 b106 3d50 07",
]);

const exchanges: [what: string, tableSize: number, sizes: number[], steps: Step[]][] = [
  ["C.3: requests without Huffman coding", 4096, [57, 110, 164], plainRequests],
  ["C.4: requests with Huffman coding", 4096, [57, 110, 164], huffmanRequests],
  ["C.5: responses without Huffman coding", 256, [222, 222, 215], plainResponses],
  ["C.6: responses with Huffman coding", 256, [222, 222, 215], huffmanResponses],
];

test.each(exchanges)("%s", (_what, tableSize, sizes, steps) => {
  const subject = new HpackDecoder({ maxTableSize: tableSize, maxListSize: 4096 });
  // The examples set the table's size by other means than the wire.
  if (tableSize !== 4096) decodeAll(subject, bytesOf("3fe1 01"));
  for (const [i, { hex, headers, entries }] of steps.entries()) {
    expect(decodeAll(subject, bytesOf(hex))).toEqual(headers);
    expect(subject.entries()).toEqual(entries);
    expect(sizeOf(subject.entries())).toBe(sizes[i]);
  }
});

test("C.4, encoded: the same bytes", () => {
  const encoder = new HpackEncoder();
  for (const { hex, headers, entries } of huffmanRequests) {
    expect(hexOf(encodeAll(encoder, headers))).toBe(hex.replace(/ /g, ""));
    expect(encoder.entries()).toEqual(entries);
  }
});
