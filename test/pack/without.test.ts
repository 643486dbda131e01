import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { around, callersFrame, makeWithout } from "../../bench/around/without.js";
import { repository } from "../support/packed.js";

test.each([
  ["all that stands around a call", around],
  ["the caller's frame", callersFrame],
])("bench:around can take out of what is built: %s", async (_, cuts) => {
  const folder = await mkdtemp(join(tmpdir(), "gen-stubs-without-"));
  try {
    makeWithout(cuts, join(repository, "src/runtime/dist"), folder);
    expect(await readdir(folder)).toContain("index.js");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
