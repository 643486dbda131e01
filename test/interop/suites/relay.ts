import { join } from "node:path";
import type { Context } from "../harness/context.js";
import { exec } from "../harness/exec.js";
import { cache } from "../harness/paths.js";
import { ServerProcess } from "../harness/server-process.js";
import { guideCases, judgeEnd } from "./guide-cases.js";
import { peers } from "./guides.js";

const programs = join(cache, "js", "programs");

/** `webSocketChannel` through our relay to the servers of others, which know nothing of WebSockets. */
export async function runRelay(context: Context): Promise<void> {
  for (const { name: peer, server } of peers(context)) {
    const theirs = await ServerProcess.start(...server);
    const relay = await ServerProcess.start(process.execPath, [join(programs, "relay.js"), theirs.target]);
    const cases = guideCases[peer];
    const names = Object.keys(cases).join(",");
    const args = [join(programs, "guides", "client.js"), "web-socket", relay.target, "relayed", names];
    const { stdout, stderr, code } = await exec(process.execPath, args, { timeoutMs: 120_000 });
    const verdicts = stdout
      .split("\n")
      .filter((line) => line.startsWith("{"))
      // Our own program prints them.
      .map((line) => JSON.parse(line) as { case: string; ok: boolean; detail?: string });
    for (const [name, ending] of Object.entries(cases)) {
      const verdict = verdicts.find((one) => one.case === name);
      let fault: string | undefined;
      if (verdict === undefined) fault = `no verdict; the client ended with ${code}: ${stderr.slice(-300)}`;
      else if (!verdict.ok) fault = verdict.detail ?? "not ok";
      else fault = judgeEnd(ending, await theirs.callEnd(`relayed/${name}`));
      const ok = fault === undefined;
      context.results.add({ suite: "relay", peer, ours: "client", transport: "http2", name, ok, detail: fault ?? "" });
    }
    await relay.stop();
    await theirs.stop();
  }
}
