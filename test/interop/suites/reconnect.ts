import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Context, Transport } from "../harness/context.js";
import { cache } from "../harness/paths.js";
import { ServerProcess } from "../harness/server-process.js";

interface Line {
  readonly event: "update" | "wait" | "stopped" | "end";
  readonly code?: string;
  readonly waitMs?: number;
  readonly updates?: number;
}

/** The subscription client that reconnects, against a Go server that refuses, is killed and comes back. */
export async function runReconnect(context: Context): Promise<void> {
  const { goPeers, results, transports } = context;
  if (goPeers === undefined) return results.skip("the reconnecting subscription", "its server is in Go");
  for (const transport of transports) {
    for (const { name, fault } of await subscribe(goPeers, transport)) {
      const ok = fault === undefined;
      results.add({ suite: "reconnect", peer: "go", ours: "client", transport, name, ok, detail: fault ?? "" });
    }
  }
}

async function subscribe(goPeers: string, transport: Transport) {
  const checks: { name: string; fault: string | undefined }[] = [];
  let server = await ServerProcess.start(goPeers, ["server"]);
  const { port, target } = server;
  const program = join(cache, "js", "programs", "guides", "subscriber.js");
  const client = spawn(process.execPath, [program, transport, target, "script:a"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = new Promise<number | null>((resolve) => client.once("close", resolve));
  const lines: Line[] = [];
  let wake = (): void => {};
  createInterface({ input: client.stdout }).on("line", (line) => {
    lines.push(JSON.parse(line) as Line);
    wake();
  });
  /** The lines so far, once they fit. */
  const until = async (what: string, fits: (lines: readonly Line[]) => boolean): Promise<void> => {
    const end = Date.now() + 20_000;
    while (!fits(lines) && Date.now() < end) {
      await new Promise<void>((resolve) => {
        wake = resolve;
        setTimeout(resolve, 250).unref();
      });
    }
    checks.push({ name: what, fault: fits(lines) ? undefined : `got ${JSON.stringify(lines.slice(-8))}` });
  };
  const waits = (all: readonly Line[]): string[] =>
    all.flatMap(({ event, code }) => (event === "wait" ? [code ?? ""] : []));
  const streaming = (all: readonly Line[]): boolean =>
    all.at(-1)?.event === "update" && (all.at(-1)?.updates ?? 0) >= 5;
  const script = "RESOURCE_EXHAUSTED,DEADLINE_EXCEEDED,UNAVAILABLE";

  try {
    await until("reconnects by status code, two updates before each refusal", (all) => {
      const refusals = all.filter(({ event }) => event === "wait");
      return streaming(all) && waits(all).join() === script && refusals.every(({ updates }) => updates === 2);
    });
    const [exhausted, late] = lines.filter(({ event }) => event === "wait");
    const longer = (exhausted?.waitMs ?? 0) > (late?.waitMs ?? 0);
    checks.push({
      name: "RESOURCE_EXHAUSTED backs off longer",
      fault: longer ? undefined : JSON.stringify([exhausted, late]),
    });

    let from = lines.length;
    await server.stop("SIGKILL");
    await until("a killed server is UNAVAILABLE, again and again", (all) => {
      const codes = waits(all.slice(from));
      return codes.length >= 3 && codes.every((code) => code === "UNAVAILABLE");
    });
    from = lines.length;
    server = await ServerProcess.start(goPeers, ["server", "-port", String(port)]);
    await until(
      "goes on when the server is back",
      (all) => streaming(all) && waits(all.slice(from)).join().endsWith(script),
    );
    client.kill("SIGTERM");
    await until("a cancel ends it", (all) => all.at(-1)?.event === "stopped" && all.at(-1)?.code === "CANCELLED");
    const code = await exited;
    checks.push({ name: "the client's process ends by itself", fault: code === 0 ? undefined : `exit ${code}` });
  } finally {
    client.kill("SIGKILL");
    await server.stop();
  }
  return checks;
}
