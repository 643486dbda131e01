import { connect as connectTcp } from "node:net";
import { type ConnectOptions, connect, Server } from "../../../src/runtime/index.js";
import { duplexOver } from "../../support/duplex-over.js";
import { ConnectProxy } from "../../transport/proxy/connect-proxy.js";
import type { Transport } from "./harness.js";
import { TrialService } from "./trial-service.js";

/** Both ends on our own HTTP/2, with a byte stream between that is not Node's own socket to the server. */
function over(name: string, begin: () => Promise<{ options: ConnectOptions; end(): Promise<void> }>): Transport {
  return {
    name,
    cannot: {},
    async start(handlers, serverOptions, tls) {
      const server = new Server(serverOptions).add(TrialService, handlers);
      const { port } = await server.listen("127.0.0.1:0", { tls: tls?.server });
      const { options, end } = await begin();
      const channel =
        tls === undefined
          ? connect(`http://127.0.0.1:${port}`, options)
          : connect(`https://127.0.0.1:${port}`, { ...options, tls: tls.client });
      const shutdown = async (graceMs: number): Promise<void> => {
        await server.shutdown({ graceMs });
        await end();
      };
      return { channel, port, shutdown };
    },
    connect: (port) => connect(`http://127.0.0.1:${port}`),
  };
}

/** Through an HTTP proxy, by CONNECT. */
export const proxied: Transport = over("http2, through an HTTP proxy", async () => {
  const proxy = await ConnectProxy.start({});
  return { options: { proxy: `http://127.0.0.1:${proxy.port}` }, end: () => proxy.stop() };
});

/** Over a Duplex of the user's own. */
export const created: Transport = over("http2, over a Duplex", async () => ({
  options: { createConnection: ({ port }) => duplexOver(connectTcp(port ?? 0, "127.0.0.1")) },
  end: async () => {},
}));
