import { describe, expect, test } from "vitest";
import { commentText, doc } from "../../src/emit/doc.js";
import { quote } from "../../src/emit/quote.js";
import { wrapLines } from "../../src/emit/wrap-lines.js";
import { commentLines } from "../../src/model/comment-lines.js";

describe("a doc comment", () => {
  test("of one line stays on one line, and the element follows at its indent", () => {
    expect(`  ${doc("  ", ["One."])}method()`).toBe("  /** One. */\n  method()");
  });

  test("of several has no blank line at its ends, and none twice", () => {
    expect(doc("", ["", "A", "", "", "B", ""])).toBe("/**\n * A\n *\n * B\n */\n");
  });

  test("of nothing is nothing", () => {
    expect(doc("  ", ["", ""])).toBe("");
  });
});

describe("the text of a comment", () => {
  test("loses the space behind the comment mark, blank lines around it, and what nobody sees", () => {
    expect(commentLines(" A\n  indented \n\n B\n\n")).toEqual(["A", " indented", "", "B"]);
    expect(commentLines("\ufeffa\u0000b\u202ec\u200e")).toEqual(["abc\u200e"]);
    expect(commentLines("\n \n")).toEqual([]);
  });

  test("is split at every line end there is", () => {
    expect(commentLines("a\r\nb\rc\u2028d\u2029e\nf")).toEqual(["a", "b", "c", "d", "e", "f"]);
  });

  test.for([
    ["a */ b", "a *\\/ b"],
    ["*/*/", "*\\/*\\/"],
    ["@param x", "\\@param x"],
    ["  @param x", "  \\@param x"],
    ["mail a@b", "mail a@b"],
    ["see {@link x}", "see {\\@link x}"],
    ["//# sourceMappingURL=x", "// # sourceMappingURL=x"],
    ["`code`", "`code`"],
  ] as const)("cannot end the comment, be a tag or a directive: %s", ([text, escaped]) => {
    expect(commentText(text)).toBe(escaped);
  });
});

test("any text is one string literal", () => {
  for (const text of ['"', "\\", "\n", "\u2028\u2029", "`", "\0", "\ud800"]) {
    expect(quote(text)).not.toMatch(/[\n\u2028\u2029]/);
    expect(new Function(`return ${quote(text)}`)()).toBe(text);
  }
});

describe("a line that is too long", () => {
  const long = "x".repeat(60);

  test("is broken at its first parentheses", () => {
    expect(wrapLines(`  do(request: A<${long}, B>, call: ServerCall): Promise<${long}> {`)).toBe(
      `  do(\n    request: A<${long}, B>,\n    call: ServerCall,\n  ): Promise<${long}> {`,
    );
    expect(wrapLines(`  get: unary("/a(,\\"${long}", es(${long}), es(B)),`)).toBe(
      `  get: unary(\n    "/a(,\\"${long}",\n    es(${long}),\n    es(B),\n  ),`,
    );
  });

  test("stays as it is where it is short, a comment, or has nothing in parentheses", () => {
    for (const line of ["  do(a, b)", `  * a(${long}, ${long})`, `/** a(${long}, ${long}) */`, `${long}${long}()`]) {
      expect(wrapLines(line)).toBe(line);
    }
  });
});
