import { spawnSync } from "node:child_process";
import { PassThrough } from "node:stream";
import { fileURLToPath } from "node:url";
import { describe, expect, test, vi } from "vitest";
import { faultText } from "../../src/cli/report/faults.js";
import { createProgress } from "../../src/cli/report/progress.js";
import { styleFor } from "../../src/cli/report/style.js";
import { echoProto, project } from "./support/project.js";

const bin = fileURLToPath(new URL("../../bin/gen-stubs.js", import.meta.url));
// util-linux' script gives a program a terminal.
const hasTerminal = spawnSync("script", ["--version"], { encoding: "utf8" }).stdout?.includes("util-linux") === true;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const colour = /\u001b\[[0-9;]*m/;

function onTerminal(cwd: string, env: NodeJS.ProcessEnv, ...args: string[]): { output: string; code: number | null } {
  const { NO_COLOR: _no, FORCE_COLOR: _force, ...rest } = process.env;
  const line = [process.execPath, bin, ...args].map((word) => `'${word}'`).join(" ");
  const run = spawnSync("script", ["-qec", line, "/dev/null"], {
    cwd,
    encoding: "utf8",
    env: { ...rest, TERM: "xterm", ...env },
  });
  return { output: run.stdout, code: run.status };
}

describe.runIf(hasTerminal)("on a terminal", () => {
  const many = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`protos/f${i}.proto`, echoProto(`p${i}`)]));

  test("long work shows a bar, which is gone at the end, and the cursor is back", () => {
    const p = project(many);
    const { output, code } = onTerminal(p.folder, {}, "protos", "-o", "gen");
    expect(code).toBe(0);
    expect(output).toContain("generating messages");
    expect(output).toContain("300/300");
    expect(output.lastIndexOf("\u001b[?25h")).toBeGreaterThan(output.lastIndexOf("\u001b[?25l"));
    expect(output).toMatch(colour);
    expect(output).toContain("Wrote to");
  });

  test("--quiet and --json show none", () => {
    const p = project(many);
    expect(onTerminal(p.folder, {}, "protos", "-o", "gen", "--quiet")).toEqual({ output: "", code: 0 });
    const { output } = onTerminal(p.folder, {}, "protos", "-o", "gen", "--json");
    expect(JSON.parse(output)).toMatchObject({ ok: true, unchanged: 600 });
  });

  test("NO_COLOR is honoured, in errors too", () => {
    const p = project({ "a.proto": "syntax = 1;" });
    expect(onTerminal(p.folder, {}, "a.proto", "-o", "gen").output).toMatch(colour);
    expect(onTerminal(p.folder, { NO_COLOR: "1" }, "a.proto", "-o", "gen").output).not.toMatch(colour);
  });

  test("a failure under way leaves the terminal usable", () => {
    const p = project({ ...many, "gen/f7_pb.ts": "mine" });
    const { output, code } = onTerminal(p.folder, {}, "protos", "-o", "gen");
    expect(code).toBe(1);
    expect(output).toContain("GS5002");
    expect(output.lastIndexOf("\u001b[?25h")).toBeGreaterThanOrEqual(output.lastIndexOf("\u001b[?25l"));
  });
});

test("the last frame of a stage is drawn before the next stage begins, however soon that is", async () => {
  // A fresh terminal of our own: what is written to it is text.
  const terminal = Object.assign(new PassThrough(), { isTTY: true, columns: 200 });
  const written: string[] = [];
  terminal.on("data", (chunk) => written.push(String(chunk)));
  const text = (): string => written.join("");

  const progress = createProgress(terminal as unknown as NodeJS.WriteStream); // all that the bar asks of a stream
  progress.stage("compiling", 300);
  await vi.waitFor(() => expect(text()).toContain("0% compiling 0/300"));
  progress.stage("generating messages", 200);
  progress.advance(150);
  progress.advance(50);
  progress.stage("comparing", 400);
  progress.stop();

  expect(text()).toContain("100% compiling 300/300");
  expect(text()).toContain("100% generating messages 200/200");
});

test("no colour off a terminal, unless FORCE_COLOR", async () => {
  const p = project({ "a.proto": "syntax = 1;" });
  expect((await p.run("a.proto", "-o", "gen")).stderr).not.toMatch(colour);
  expect((await p.runWith({ env: { FORCE_COLOR: "1" } }, "a.proto", "-o", "gen")).stderr).toMatch(colour);
  expect((await p.runWith({ env: { FORCE_COLOR: "1", NO_COLOR: "1" } }, "a.proto", "-o", "gen")).stderr).not.toMatch(
    colour,
  );
});

describe("a source line with its caret", () => {
  const plain = styleFor(process.stderr, { NO_COLOR: "1" });
  const caretUnder = (source: string, column: number): string | undefined => {
    const [, line, caret] = faultText(
      { code: "GS2003", message: "m", file: "f", line: 7, column, source },
      plain,
    ).split("\n");
    return line?.[caret?.indexOf("^") ?? -1];
  };

  test.each<[string, string, number, string | undefined]>([
    ["the first column", "abc", 1, "a"],
    ["the last column", "abc", 3, "c"],
    ["one behind the end", "abc", 4, undefined],
    ["far behind the end", "abc", 40, undefined],
    ["a tab reaches to column 9", "\tabc", 9, "a"],
    ["a tab after text", "xy\tabc", 10, "b"],
    ["letters of two and three bytes", "üあx", 6, "x"],
    ["a very long line", `${"a".repeat(500)}X${"b".repeat(500)}`, 501, "X"],
    ["control characters", "\u001b[31mX", 6, "X"],
  ])("%s", (_name, source, column, expected) => {
    expect(caretUnder(source, column)).toBe(expected);
  });

  test("never prints the file's control characters", () => {
    const text = faultText({ code: "GS2003", message: "m", line: 1, column: 1, source: "\u001b]0;x\u0007" }, plain);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  });
});
