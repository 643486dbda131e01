import { Server } from "../../../src/runtime/index.js";
import { fetchChannel } from "../../../src/runtime/web.js";
import { type FetchHandler, fetchHandler } from "../../../src/runtime/web-server.js";
import { BIDI_CANNOT } from "../../contract/harness/bidi-tests.js";
import type { Transport } from "../../contract/harness/harness.js";
import { TrialService } from "../../contract/harness/trial-service.js";
import { CANNOT } from "./cannot.js";

/** A server of the runtime's own, not of its node:http. */
interface Serving {
  readonly port: number;
  stop(): Promise<void>;
}

/** What is used of the two. */
interface Runtimes {
  readonly Bun?: {
    serve(options: object): { readonly port: number; stop(closeAll: boolean): Promise<void> };
  };
  readonly Deno?: {
    serve(
      options: object,
      handler: (request: Request) => Promise<Response>,
    ): {
      readonly addr: { readonly port: number };
    };
  };
}

const { Bun, Deno } = globalThis as Runtimes; // one of the two is there

function serve(handler: FetchHandler): Serving {
  const hostname = "127.0.0.1";
  if (Bun !== undefined) {
    const server = Bun.serve({ port: 0, hostname, idleTimeout: 0, fetch: (request: Request) => handler(request) });
    return { port: server.port, stop: () => server.stop(true) };
  }
  if (Deno === undefined) throw new Error("neither Bun nor Deno");
  const abort = new AbortController();
  const options = { port: 0, hostname, signal: abort.signal, onListen() {} };
  const server = Deno.serve(options, (request) => handler(request));
  return {
    port: server.addr.port,
    // Not `shutdown()`, which waits for uploads, too, that were answered before they were complete.
    stop: async () => abort.abort(),
  };
}

/** The runtime's own fetch, to its own server. */
function overFetch(protocol: "connect" | "grpc-web"): Transport {
  return {
    name: `fetch, ${protocol}`,
    cannot: { ...BIDI_CANNOT, ...CANNOT[Bun === undefined ? "Deno" : "Bun"][protocol] },
    bidi: false,
    async start(handlers, options) {
      const server = new Server(options).add(TrialService, handlers);
      const serving = serve(fetchHandler(server));
      return {
        channel: fetchChannel(`http://127.0.0.1:${serving.port}`, { protocol }),
        port: serving.port,
        async shutdown(graceMs) {
          await server.shutdown({ graceMs });
          await serving.stop();
        },
      };
    },
    connect: undefined,
  };
}

export const transports: readonly Transport[] = [overFetch("connect"), overFetch("grpc-web")];
