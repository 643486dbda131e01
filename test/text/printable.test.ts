import { describe, expect, test } from "vitest";
import { printable } from "../../src/text/printable.js";

describe("printable text", () => {
  test("has no character that a terminal obeys, or that breaks or turns a line", () => {
    const all = Array.from({ length: 0x2100 }, (_, code) => String.fromCharCode(code)).join("");
    const shown = printable(all);
    expect(shown).not.toMatch(/\p{Cc}|\p{Zl}|\p{Zp}/u);
    expect(shown).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
  });

  test.for([
    ["a\u001b]0;owned\u0007.proto", "a\\u001b]0;owned\\u0007.proto"],
    ["c\u009bsi", "c\\u009bsi"],
    ["tab\tand\r\nbreak", "tab\\tand\\r\\nbreak"],
    ["ü – 漢字 😀", "ü – 漢字 😀"],
    ["abc\u202egpj.exe", "abc\\u202egpj.exe"],
  ])("shows %j", ([text, shown]) => expect(printable(text!)).toBe(shown));

  test("of several lines keeps line breaks and tabs alone", () => {
    expect(printable("one\n\ttwo\r\n\u0007three", "lines")).toBe("one\n\ttwo\\r\n\\u0007three");
  });
});
