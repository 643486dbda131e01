import { describe, expect, test } from "vitest";
import { HpackDecoder, HpackError } from "../../../src/runtime/h2/hpack/index.js";
import { bytesOf, decodeAll, decoder } from "./support.js";

describe("blocks that RFC 7541 forbids", () => {
  const cases: [what: string, hex: string, message: RegExp][] = [
    ["index 0", "80", /index 0/],
    ["an index behind an empty table", "be", /index 62/],
    ["a name index behind an empty table", "7e00", /index 62/],
    ["a name index behind an empty table, without indexing", "0f2f00", /index 62/],
    ["a huge index", "ff80808001", /index/],
    ["an index cut short", "ff", /ends inside/],
    ["an index cut short, after a byte", "ff80", /ends inside/],
    ["an integer of five bytes more", "ff8080808001", /too large/],
    ["an integer of many zeros", "ff80808080808080808000", /too large/],
    ["an integer that overflows 32 bits", "ffffffffff0f", /too large/],
    ["an integer that overflows 64 bits", "ffffffffffffffffffff01", /too large/],
    ["a name length that overflows", "00 7fffffffff0f", /too large/],
    ["a value length that overflows", "00 0161 7fffffffffffffffff01", /too large/],
    ["a literal without a name", "40", /ends inside/],
    ["a literal without a value", "400161", /ends inside/],
    ["a name that is cut short", "40056162", /longer than its block/],
    ["a value that is cut short", "4001610562", /longer than its block/],
    ["a Huffman-coded value that is cut short", "4001618562", /longer than its block/],
    // "a" is 00011: padded with 111 it is 1f.
    ["zeros as padding", "00 0161 8118", /padded/],
    ["padding that is not all ones", "00 0161 811e", /padded/],
    ["a byte of padding", "00 0161 821fff", /padded/],
    ["nothing but padding", "00 0161 81ff", /padded/],
    ["two bytes of padding", "00 0161 831fffff", /padded/],
    ["a code that is cut short", "00 0161 82fffe", /padded/],
    ["EOS", "00 0161 84ffffffff", /EOS/],
    ["EOS behind a character", "00 0161 851fffffffff", /EOS/],
    ["EOS in a name", "00 84ffffffff 0161", /EOS/],
    ["a size update behind a header", "8220", /behind a header/],
    ["a size update at the end", "823f01", /behind a header/],
    ["three size updates", "20203fe11f82", /more than two/],
    ["a size over the announced one", "3fe21f", /4097 is over/],
    ["a huge size", "3fffffff7f", /is over/],
    ["a size that overflows", "3fffffffffff01", /too large/],
    ["a size that is cut short", "3f", /ends inside/],
  ];
  test.each(cases)("%s", (_what, hex, message) => {
    const bytes = bytesOf(hex);
    const subject = decoder();
    expect(() => subject.decode(bytes, 0, bytes.length)).toThrow(HpackError);
    expect(() => decodeAll(decoder(), bytes)).toThrow(message);
  });

  test("bytes outside of the block are not read", () => {
    const bytes = bytesOf("40 01 61 01 62 40 01 61 05 62 63 64 65 66");
    expect(() => decoder().decode(bytes, 5, 10)).toThrow(/longer than its block/);
    expect(decoder().decode(bytes, 5, 14).headers).toEqual(["a", "bcdef"]);
    expect(decoder().decode(bytes, 0, 5).headers).toEqual(["a", "b"]);
  });
});

describe("what looks odd and is right", () => {
  const cases: [what: string, hex: string, headers: string[]][] = [
    ["an empty block", "", []],
    ["size updates alone", "203fe11f", []],
    ["an empty name and value", "000000", ["", ""]],
    ["an empty Huffman-coded value", "0001 6180", ["a", ""]],
    ["seven bits of padding", "00 0161 84 0000007f", ["a", "00000"]],
    ["an integer with a needless zero", "0f8000 0161", ["accept-charset", "a"]],
  ];
  test.each(cases)("%s", (_what, hex, headers) => {
    expect(decodeAll(decoder(), bytesOf(hex))).toEqual(headers);
  });
});

describe("table sizes", () => {
  test("a table of the announced size is allowed, at once", () => {
    const subject = new HpackDecoder({ maxTableSize: 65_536, maxListSize: 4096 });
    expect(decodeAll(subject, bytesOf("3fe1ff03 82"))).toEqual([":method", "GET"]);
    expect(() => decodeAll(subject, bytesOf("3fe2ff03"))).toThrow(/65537 is over the announced 65536/);
  });

  test("a size below the initial one counts once the peer knows it, and must be taken", () => {
    const early = new HpackDecoder({ maxTableSize: 0, maxListSize: 4096 });
    expect(decodeAll(early, bytesOf("4001610162"))).toEqual(["a", "b"]);
    expect(early.entries()).toEqual([["a", "b"]]);
    early.settingsAcknowledged();
    expect(decodeAll(early, bytesOf("2082"))).toEqual([":method", "GET"]);
    expect(early.entries()).toEqual([]);
    const late = new HpackDecoder({ maxTableSize: 0, maxListSize: 4096 });
    late.settingsAcknowledged();
    expect(() => decodeAll(late, bytesOf("82"))).toThrow(/stayed over the announced 0/);
  });

  test("an entry larger than the table empties it and is no error", () => {
    const subject = decoder();
    decodeAll(subject, bytesOf("3f0e 4001610162")); // 45 bytes: one entry of 34
    expect(subject.entries()).toEqual([["a", "b"]]);
    const value = "78".repeat(13);
    expect(decodeAll(subject, bytesOf(`40 0161 0d${value}`))).toEqual(["a", "x".repeat(13)]);
    expect(subject.entries()).toEqual([]);
  });

  test("a new entry may take its name from the one that it evicts", () => {
    const subject = decoder();
    decodeAll(subject, bytesOf("3f0e 4001610162"));
    expect(decodeAll(subject, bytesOf("7e 0163"))).toEqual(["a", "c"]);
    expect(subject.entries()).toEqual([["a", "c"]]);
  });
});
