import { Server } from "../../../src/runtime/index.js";
import { fetchChannel } from "../../../src/runtime/web.js";
import { webDoors } from "../../../src/runtime/web-server.js";
import { fetchWith } from "../../support/node-fetch.js";
import { BIDI_CANNOT } from "./bidi-tests.js";
import type { Transport } from "./harness.js";
import { TrialService } from "./trial-service.js";

const LATE_HEADERS = "Node's fetch sends the headers of a client stream with its first message";

/** What no channel over fetch can keep, by the start of a test's title, and why. */
const FETCH_CANNOT: Readonly<Record<string, string>> = {
  ...BIDI_CANNOT,
  "connects by connect() alone": "fetch connects when it is asked for something",
  "P1 a client stream reaches its handler before anything is sent": LATE_HEADERS,
  "P4 cancel() ends the call at once on this side and aborts it on the other": LATE_HEADERS,
};

/** What is another promise in the Connect protocol. */
const CONNECT_CANNOT: Readonly<Record<string, string>> = {
  "P16 an error text of 100 KB is cut": "Connect has errors in bodies, not in headers: nothing has to be cut",
};

/** Node's own fetch, and the web door of our server. */
function overFetch(protocol: "connect" | "grpc-web"): Transport {
  return {
    name: `fetch, ${protocol}`,
    cannot: protocol === "connect" ? { ...FETCH_CANNOT, ...CONNECT_CANNOT } : FETCH_CANNOT,
    bidi: false,
    async start(handlers, options, tls) {
      const server = new Server(options).add(TrialService, handlers);
      const { port } = await server.listen("127.0.0.1:0", { tls: tls?.server, web: webDoors() });
      const channel =
        tls === undefined
          ? fetchChannel(`http://127.0.0.1:${port}`, { protocol })
          : fetchChannel(`https://127.0.0.1:${port}`, { protocol, fetch: await fetchWith(tls.client) });
      return { channel, port, shutdown: (graceMs) => server.shutdown({ graceMs }) };
    },
    // The peers that tests write themselves speak gRPC over HTTP/2.
    connect: undefined,
  };
}

export const fetchConnect: Transport = overFetch("connect");
export const fetchGrpcWeb: Transport = overFetch("grpc-web");
