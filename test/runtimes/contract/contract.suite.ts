import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { short } from "../../support/platforms-page.js";
import { runOk } from "../../support/shell.js";
import { allRuntimes, install } from "../runtimes.js";
import { bundleContract } from "./bundle-contract.js";

/** A test that ran, as `run-all.ts` prints it. */
interface Ran {
  readonly title: string;
  readonly fault?: string;
}

/** CI's short run: cancelling and bounded memory, which a runtime's own server decides most of. */
const asked = short ? "P4" : "";

describe("the contract over fetch: the runtime's own fetch, and its own server with fetchHandler", () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "gen-stubs-contract-"));
    await bundleContract(join(folder, "contract.mjs"));
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  test.each(["Bun", "Deno"])("%s", { timeout: 1_500_000 }, async (name) => {
    const runtime = await install(allRuntimes.find((one) => one.name === name)!);
    const { stdout } = await runOk([...runtime.command, "contract.mjs", asked], {
      cwd: folder,
      env: { DENO_NO_UPDATE_CHECK: "1" },
    });
    const lines = stdout.trim().split("\n");
    expect(lines.at(-1)).toBe("all");
    const ran = lines.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line) as Ran); // our own program's
    console.log(`${name}: ${ran.filter(({ fault }) => fault === undefined).length} of ${ran.length} tests passed`);
    expect(ran.length).toBeGreaterThan(short ? 10 : 400);
    expect(ran.filter(({ fault }) => fault !== undefined)).toEqual([]);
  });
});
