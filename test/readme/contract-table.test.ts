import { expect, test } from "vitest";
import { repository } from "../support/packed.js";
import { run } from "../support/shell.js";

test("the table of promises is what the contract tests say", { timeout: 300_000 }, async () => {
  const { code, output } = await run(["npm", "run", "contract-table", "--", "--check"], { cwd: repository });
  expect(code, output).toBe(0);
});
