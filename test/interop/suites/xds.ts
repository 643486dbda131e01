import { join } from "node:path";
import { ControlPlane } from "../fleet/control-plane.js";
import { FleetClient } from "../fleet/fleet-client.js";
import { FleetServer } from "../fleet/fleet-server.js";
import { patient } from "../fleet/plan.js";
import { count, lastFailure, total } from "../fleet/tally.js";
import type { Context } from "../harness/context.js";
import { cache } from "../harness/paths.js";

/** Our stubs over `grpcJsChannel("xds:///fleet")`, and a control plane that changes its servers while calls run. */
export async function runXds({ results, goPeers }: Context): Promise<void> {
  if (goPeers === undefined) return results.skip("xDS", "its control plane is in Go");
  const judge = (name: string, fault: string | undefined): void => {
    const line = { suite: "xds", peer: "go-control-plane", ours: "client" as const, transport: "grpc-js", name };
    results.add({ ...line, ok: fault === undefined, detail: fault ?? "" });
  };
  const servers = await Promise.all(["a", "b", "c"].map((id) => FleetServer.start(id, { graceMs: 500 })));
  const [a, b, c] = servers as [FleetServer, FleetServer, FleetServer];
  const plane = await ControlPlane.start([a, b]);
  const program = join(cache, "js", "programs", "fleet", "client.js");
  const env = { GRPC_XDS_BOOTSTRAP_CONFIG: await plane.bootstrap() };
  const client = new FleetClient(process.execPath, [program, "xds", "xds:///fleet", JSON.stringify(patient)], env);
  const reached = (moment: number, ...ids: string[]): Promise<boolean> =>
    client.until(moment, (windows) => ids.every((id) => (total(windows, "ok")[id] ?? 0) > 50), 30_000);
  try {
    const begun = await reached(0, "a", "b");
    judge(
      "the two servers of the control plane are called",
      begun ? undefined : `${lastFailure(client.windows)} ${client.stderr}`,
    );
    if (!begun) return;
    // The one that streams were opened on goes: all may be with whoever was connected first.
    const [gone, stays] = (total(client.windows, "opened")["a"] ?? 0) > 0 ? [a, b] : [b, a];
    plane.set([a, b, c]);
    const added = await reached(Date.now(), "c");
    judge("a server that is added is called", added ? undefined : lastFailure(client.windows));
    const ended = count(total(client.windows, "ended"));
    judge("streams go on while one is added", ended === 0 ? undefined : JSON.stringify(total(client.windows, "ended")));
    plane.set([stays, c]);
    const left = await client.untilQuiet(Date.now(), ({ ok }) => ok[gone.id] !== undefined);
    const removed = Date.now();
    await reached(removed, stays.id, "c");
    const after = total(client.since(removed), "ok");
    const none = left !== undefined && after[gone.id] === undefined;
    judge("one that is removed is not", none ? undefined : JSON.stringify(after));
    const streams = total(client.since(removed), "echoes");
    judge("its streams go on as long as it does", (streams[gone.id] ?? 0) > 0 ? undefined : JSON.stringify(streams));
    await gone.stop("SIGTERM");
    const stopped = Date.now();
    await client.until(stopped, (windows) => count(total(windows, "opened")) >= 1, 10_000);
    await client.stop();
    const codes = Object.keys(total(client.windows, "ended"));
    judge("every stream ends with a status", codes.every((name) => /^[A-Z_]+$/.test(name)) ? undefined : codes.join());
    judge(
      "no unary call is lost",
      count(total(client.windows, "fail")) === 0 ? undefined : lastFailure(client.windows),
    );
  } finally {
    client.kill();
    plane.stop();
    await Promise.all(servers.map((server) => server.stop("SIGKILL")));
  }
}
