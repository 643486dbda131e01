import { type Channel, connect, Server, type ServerOptions } from "../../../src/runtime/index.js";
import type { TlsEnds, Transport } from "./harness.js";
import { type TrialHandlers, TrialService } from "./trial-service.js";

const SERVERS = 3;

/** Takes turns between servers that listen on these ports. */
function connectPorts(ports: readonly number[], tls: TlsEnds | undefined): Channel {
  const scheme = tls === undefined ? "http" : "https";
  const targets = ports.map((port) => `${scheme}://127.0.0.1:${port}`);
  return connect(targets, { loadBalancing: "round_robin", ...(tls === undefined ? {} : { tls: tls.client }) });
}

async function listen(handlers: TrialHandlers, options: ServerOptions, tls: TlsEnds | undefined) {
  const server = new Server(options).add(TrialService, handlers);
  const { port } = await server.listen("127.0.0.1:0", { tls: tls?.server });
  return { server, port };
}

/** A channel that takes turns between three servers, on our own HTTP/2. */
export const fleet: Transport = {
  name: "fleet channel, round_robin, three servers",
  cannot: {
    "connection: calls of every kind name peer": "its calls go to three peers, and the test knows one",
    "load: a call past maxRunningCalls": "the limit is each server's, and there are three",
    "load: who gives up in the queue": "the limit is each server's, and there are three",
    "load: never more than so many run": "the limit is each server's, and there are three",
  },
  async start(handlers, options, tls) {
    const listening = await Promise.all(Array.from({ length: SERVERS }, () => listen(handlers, options, tls)));
    return {
      channel: connectPorts(
        listening.map(({ port }) => port),
        tls,
      ),
      port: listening[0]?.port,
      shutdown: async (graceMs) => {
        await Promise.all(listening.map(({ server }) => server.shutdown({ graceMs })));
      },
    };
  },
  connect: (port) => connectPorts([port], undefined),
};
