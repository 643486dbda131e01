import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../harness/context.js";
import { exec, execOk } from "../harness/exec.js";
import { cache, guides, interop, root } from "../harness/paths.js";
import { ServerProcess } from "../harness/server-process.js";
import { installGoTool } from "../harness/toolchain.js";

const scripts = ["record-route.js", "list-features.js", "record-route-typed.ts", "list-features-typed.ts"];
const folder = join(interop, "k6");

/** k6 load tests of RouteGuide against our server: untyped scripts, and the same with our typed stubs. */
export async function runK6(context: Context): Promise<void> {
  const { results, toolchains, transports } = context;
  if (toolchains.go === undefined) return results.skip("k6", "it needs Go");
  const k6 = await installGoTool("k6");
  const out = join(folder, "gen");
  await rm(out, { recursive: true, force: true });
  const options = ["--k6", "--opt", "import_extension=ts", "--quiet"];
  await execOk(process.execPath, [
    join(root, "bin", "gen-stubs.js"),
    guides.routeGuide.folder,
    "--out",
    out,
    ...options,
  ]);

  const tsc = await exec(process.execPath, [join(root, "node_modules", "typescript", "bin", "tsc"), "-p", folder]);
  const types = { suite: "k6", peer: "k6", ours: "-", transport: "-", name: "type check with @types/k6" } as const;
  results.add({ ...types, ok: tsc.code === 0, detail: tsc.stdout.slice(0, 500) });

  for (const transport of transports) {
    const server = await ServerProcess.start(process.execPath, [
      join(cache, "js", "programs", "tools", "server.js"),
      transport,
    ]);
    for (const name of scripts) {
      const args = ["run", "--quiet", "--no-usage-report", "--env", `TARGET=${server.target}`, join(folder, name)];
      const { code, stdout, stderr } = await exec(k6, args, { timeoutMs: 120_000 });
      const detail = `exit ${code}: ${(stdout + stderr).slice(-1000)}`;
      results.add({ suite: "k6", peer: "k6", ours: "server", transport, name, ok: code === 0, detail });
    }
    await server.stop();
  }
}
