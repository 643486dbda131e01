import { execPath } from "node:process";
import type { Context } from "../harness/context.js";
import { exec, execOk } from "../harness/exec.js";
import { root } from "../harness/paths.js";

/** Random header lists between our HPACK and Go's, both ways: `npm run hpack` by itself. */
export async function runHpack({ results, toolchains }: Context): Promise<void> {
  if (toolchains.go === undefined) return results.skip("HPACK beside Go's", "it needs Go");
  const common = { suite: "hpack", peer: "golang.org/x/net/http2/hpack", ours: "-", transport: "-" } as const;
  await execOk(execPath, ["node_modules/typescript/bin/tsc", "-p", "test/h2/hpack/peer/tsconfig.json"], {
    cwd: root,
    timeoutMs: 300_000,
  });
  const run = [".cache/h2/js/test/h2/hpack/peer/run.js", "--lists", "50000", "--seed", String(Date.now() % 1_000_000)];
  const { code, stdout, stderr } = await exec(execPath, run, { cwd: root, timeoutMs: 600_000 });
  const lists = stdout.match(/(\d+) lists to Go and \d+ from it/)?.[1];
  const name = `${lists ?? "no"} random header lists each way`;
  results.add({ ...common, name, ok: code === 0 && Number(lists) >= 50_000, detail: (stdout + stderr).slice(-500) });
}
