import type { Context, Transport } from "../harness/context.js";
import { exec } from "../harness/exec.js";
import type { ServerProcess } from "../harness/server-process.js";
import { type Expected, judgeEnd } from "./guide-cases.js";

/** Runs a client's cases, and judges each by what the client and the server say of it. */
export async function runCases(
  { results }: Context,
  suite: string,
  { name: peer }: { readonly name: string },
  ours: "client" | "server",
  transport: Transport | "fetch",
  server: ServerProcess,
  [command, args]: readonly [string, readonly string[]],
  expected: Readonly<Record<string, Expected>>,
  id: string,
): Promise<void> {
  const { stdout, stderr, code } = await exec(command, args, { timeoutMs: 180_000 });
  const verdicts = stdout
    .split("\n")
    .filter((line) => line.startsWith("{"))
    // Our own programs print them.
    .map((line) => JSON.parse(line) as { case: string; ok: boolean; detail?: string });
  for (const [name, ending] of Object.entries(expected)) {
    const verdict = verdicts.find((one) => one.case === name);
    let fault: string | undefined;
    if (verdict === undefined) fault = `no verdict; the client ended with ${code}: ${stderr.slice(-300)}`;
    else if (!verdict.ok) fault = verdict.detail ?? "not ok";
    else fault = judgeEnd(ending, await server.callEnd(`${id}/${name}`));
    results.add({ suite, peer, ours, transport, name, ok: fault === undefined, detail: fault ?? "" });
  }
}
