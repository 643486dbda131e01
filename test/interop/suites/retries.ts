import { join } from "node:path";
import type { Context } from "../harness/context.js";
import { exec, execOk } from "../harness/exec.js";
import { cache } from "../harness/paths.js";
import { ServerProcess } from "../harness/server-process.js";

interface Verdict {
  readonly case: string;
  readonly attempts: number;
  readonly ok: boolean;
  readonly detail?: string;
}

const programs = join(cache, "js", "programs", "retries");

/**
 * Retries and hedging (gRFC A6), ours against grpc-go's server and grpc-go's retries against ours: both sides say of each attempt
 * whether it was as the case has it.
 */
export async function runRetries(context: Context): Promise<void> {
  const { goPeers, results } = context;
  if (goPeers === undefined) return results.skip("retries", "their peer is in Go");
  const theirs = await ServerProcess.start(goPeers, ["script"]);
  await judgeAll(context, "client", theirs, process.execPath, [join(programs, "client.js"), theirs.target]);
  const ours = await ServerProcess.start(process.execPath, [join(programs, "server.js")]);
  const { stdout: cases } = await execOk(process.execPath, [join(programs, "print-cases.js")]);
  await judgeAll(context, "server", ours, goPeers, ["retries", "-target", ours.target, "-cases", cases]);
}

async function judgeAll(
  { results }: Context,
  ours: "client" | "server",
  server: ServerProcess,
  command: string,
  args: readonly string[],
): Promise<void> {
  try {
    const { stdout, stderr, code } = await exec(command, args, { timeoutMs: 120_000 });
    const judge = (name: string, fault: string | undefined): void => {
      const line = { suite: "retries", peer: "go", ours, transport: "http2", name };
      results.add({ ...line, ok: fault === undefined, detail: fault ?? "" });
    };
    // Both clients print them.
    const verdicts = stdout.split("\n").filter((line) => line !== "");
    for (const verdict of verdicts.map((line) => JSON.parse(line) as Verdict)) {
      judge(verdict.case, await faultOf(verdict, server));
    }
    judge("the client ends by itself", code === 0 ? undefined : `${code}: ${stderr.slice(-300)}`);
  } finally {
    await server.stop();
  }
}

async function faultOf(
  { case: name, attempts, ok, detail }: Verdict,
  server: ServerProcess,
): Promise<string | undefined> {
  if (!ok) return detail ?? "not ok";
  for (let number = 0; number < attempts; number++) {
    const outcome = (await server.callEnd(`${name}#${number}`))?.outcome ?? "it did not come, or did not end";
    if (outcome !== "as scripted") return `attempt ${number + 1}: ${outcome}`;
  }
  const further = await server.callEnd(`${name}#${attempts}`, 0);
  return further === undefined ? undefined : "there was an attempt too many";
}
