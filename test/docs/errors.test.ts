import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { exitCodes } from "../../src/errors/exit-codes.js";
import { registry } from "../../src/errors/registry.js";

test("docs/errors.md lists every code, with its exit code and title", () => {
  const page = readFileSync(new URL("../../docs/errors.md", import.meta.url), "utf8");
  const rows = [...page.matchAll(/^\| (GS\d+) \| (\d+) \| (.+?) \| (.+) \|$/gm)].map(([, code, exit, title]) => [
    code,
    Number(exit),
    title,
  ]);
  const expected = Object.entries(registry).map(([code, { exit, title }]) => [code, exitCodes[exit].code, title]);
  expect(rows).toEqual(expected);
});
