import { describe, expect, test } from "vitest";
import { codeBlocks } from "./blocks.js";
import { matchesOutput } from "./expected-output.js";
import { promisedLines, snippetProgram } from "./snippet.js";

describe("code blocks", () => {
  test("have a language, attributes, a text and a line", () => {
    const [first, second] = codeBlocks(
      "text\n```ts file=a/b.ts\na\n\nb\n```\n- item\n  ~~~~sh exit=1 repo\n  ```\n  ~~~~\n",
    );
    expect(first).toEqual({ language: "ts", attributes: new Map([["file", "a/b.ts"]]), text: "a\n\nb", line: 2 });
    const attributes = new Map(Object.entries({ exit: "1", repo: "" }));
    expect(second).toEqual({ language: "sh", attributes, text: "```", line: 8 });
  });

  test("must be closed", () => {
    expect(() => codeBlocks("\n```ts\n")).toThrow("line 2");
  });
});

describe("output", () => {
  test.each([
    ["a\nb", "a\nb\n"],
    ["a … c", "a b c"],
    ["a\n…\nd", "a\nb\nc\nd"],
    ["a\n…\nd", "a\nd"],
    ["(a) [b].", "\n(a) [b].  \n\n"],
  ])("%j shows %j", (expected, actual) => expect(matchesOutput(expected, actual)).toBe(true));

  test.each([
    ["a", "a\nb"],
    ["a\nb", "a"],
    ["a … c", "a b\nc"],
    ["a.c", "abc"],
    ["a\n…", "b\na"],
  ])("%j does not show %j", (expected, actual) => expect(matchesOutput(expected, actual)).toBe(false));
});

describe("snippets", () => {
  test("import what they use and do not declare", () => {
    const text =
      'import { type A, status } from "x";\nconst { server } = weather;\nfunction places() {}\nchannel.close();';
    const program = snippetProgram(text, ["server", "weather", "places", "channel", "status", "A", "unused"]);
    expect(program.split("\n")[0]).toBe('import { closeContext, weather, channel } from "./snippet-context.js";');
  });

  test("promise lines", () => {
    expect(promisedLines("console.log(a(1)); // one\nx(); // no\n  console.log(b) // two // 2\n")).toEqual([
      "one",
      "two // 2",
    ]);
  });
});
