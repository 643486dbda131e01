import { join } from "node:path";
import type { Context } from "../harness/context.js";
import { cache } from "../harness/paths.js";
import { ServerProcess } from "../harness/server-process.js";
import { envoyGrpcWeb } from "../proxies/envoy.js";
import { installEnvoy } from "../proxies/install.js";
import { ProxyProcess } from "../proxies/proxy-process.js";
import { webCases } from "./guide-cases.js";
import { runCases } from "./run-cases.js";

const programs = join(cache, "js", "programs", "guides");

/** `fetchChannel` to servers that speak gRPC alone, ours and Go's, through Envoy's `grpc_web` filter. */
export async function runWeb(context: Context): Promise<void> {
  if (!(await installEnvoy(context))) return;
  const ours = [process.execPath, [join(programs, "server.js"), "http2", "0"]] as const;
  const servers = context.goPeers === undefined ? [ours] : [ours, [context.goPeers, ["server"]] as const];
  for (const [index, [command, args]] of servers.entries()) {
    const server = await ServerProcess.start(command, [...args]);
    const proxy = await ProxyProcess.start(envoyGrpcWeb, server.port);
    const name = `${envoyGrpcWeb.name} and ${index === 0 ? "our" : "Go's"} server`;
    const client = [
      join(programs, "client.js"),
      "fetch",
      `127.0.0.1:${proxy.port}`,
      "web",
      Object.keys(webCases).join(","),
    ];
    await runCases(context, "web", { name }, "client", "fetch", server, [process.execPath, client], webCases, "web");
    await proxy.kill();
    await server.stop();
  }
}
