import { createSecureServer, createServer, type ServerHttp2Session } from "node:http2";
import type { AddressInfo } from "node:net";
import { connect, Server } from "../../../src/runtime/index.js";
import { nodeHandler } from "../../../src/runtime/web-server.js";
import type { Transport } from "./harness.js";
import { TrialService } from "./trial-service.js";

/** Our client, and a server of node:http2 with `nodeHandler`: the calls of the doors for the web, by gRPC. */
export const http2ToNodeHandler: Transport = {
  name: "http2 client, nodeHandler on node:http2",
  cannot: {},
  async start(handlers, options, tls) {
    const server = new Server(options).add(TrialService, handlers);
    const handler = nodeHandler(server);
    // node:http2's own limits are 128 pairs, and 10 MB for all streams of a connection,
    // which those count that were reset, too.
    const settings = { maxHeaderListPairs: 1100, maxSessionMemory: 1000 };
    const http =
      tls === undefined ? createServer(settings, handler) : createSecureServer({ ...settings, ...tls.server }, handler);
    const sessions = new Set<ServerHttp2Session>();
    http.on("session", (session) => {
      sessions.add(session);
      session.once("close", () => sessions.delete(session));
    });
    await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
    const { port } = http.address() as AddressInfo; // it listens on TCP
    const url = `${tls === undefined ? "http" : "https"}://127.0.0.1:${port}`;
    const channel = connect(url, tls === undefined ? {} : { tls: tls.client });
    const shutdown = async (graceMs: number): Promise<void> => {
      const closed = new Promise((resolve) => http.close(resolve));
      await server.shutdown({ graceMs });
      for (const session of sessions) session.close(); // what is on its way goes out
      await closed;
    };
    return { channel, port, shutdown };
  },
  connect: undefined,
};
