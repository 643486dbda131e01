import { Server } from "../../../../src/runtime/index.js";
import { foundCompressor } from "../../../../src/runtime/platform/found-compressor.js";
import { webEnvironment } from "../../../../src/runtime/platform/web/environment.js";
import { resolveServerOptions } from "../../../../src/runtime/transport/grpc-h2/server/server-options.js";
import {
  Http2ServerTransport,
  type Listen,
} from "../../../../src/runtime/transport/grpc-h2/server/server-transport.js";
import type { ServerTransportFactory } from "../../../../src/runtime/transport/server-transport.js";
import { WebSocketPipe } from "../../../../src/runtime/transport/web-socket/pipe.js";
import { webSocketChannel } from "../../../../src/runtime/web-socket.js";
import type { Transport } from "../../../contract/harness/harness.js";
import { TrialService } from "../../../contract/harness/trial-service.js";

/** Where a coupler joins two WebSockets of the same name. */
const coupler = `ws://${location.host}/couple`;
let pairs = 0;

const COMPRESSION = "a browser has no compression that answers at once; the call says so";
const CONTEXT = "a browser has no AsyncLocalStorage";
const CANNOT = {
  "compression: gzip arrives": COMPRESSION,
  "compression: deflate arrives": COMPRESSION,
  "connection: `compressed` tells": COMPRESSION,
  "unary: a client's interceptor changes deadline and compression": COMPRESSION,
  "server streaming: a client's interceptor changes deadline and compression": COMPRESSION,
  "client streaming: a client's interceptor changes deadline and compression": COMPRESSION,
  "bidirectional: a client's interceptor changes deadline and compression": COMPRESSION,
  "the handler runs in the asynchronous context": CONTEXT,
  "resume: callbacks run in the context": CONTEXT,
  "P13 nothing is left behind that would keep the process alive": "there is no process",
  "errors name the call, and the stack names its caller": "all files are one script here",
};

/**
 * The contract in a page: client and server are both in it, as a test's handlers and calls share variables, and each has a WebSocket of
 * its own to a coupler outside. The bytes take the way that they take to a server.
 */
const inPage: Transport = {
  name: "WebSocket, both ends in the page",
  cannot: CANNOT,
  async start(handlers, options) {
    let accept: Parameters<Listen>[3] | undefined;
    const listen: Listen = async (_address, _options, _limits, accepted) => {
      accept = accepted;
      return {
        bound: { address: "page", port: 0 },
        prepareTls: undefined,
        close: async () => {
          accept = undefined;
        },
        dropRest() {},
      };
    };
    const platform = { environment: webEnvironment, compressor: foundCompressor };
    const transport: ServerTransportFactory = (methods) =>
      new Http2ServerTransport(methods, resolveServerOptions({}, platform), listen);
    const server = new Server({ ...options, transport }).add(TrialService, handlers);
    await server.listen("page");
    class Coupled extends WebSocket {
      constructor() {
        const pair = `${coupler}/${accept === undefined ? "nobody" : ++pairs}`;
        super(pair);
        const taken = accept;
        if (taken === undefined) return;
        const served = new WebSocket(pair);
        served.binaryType = "arraybuffer";
        served.addEventListener("open", () =>
          taken((user) => new WebSocketPipe({ socket: served, peer: "page:1" }, user)),
        );
      }
    }
    const channel = webSocketChannel(coupler, { webSocket: Coupled });
    return { channel, port: Number(location.port), shutdown: (graceMs) => server.shutdown({ graceMs }) };
  },
  connect: undefined,
};

export const transports: readonly Transport[] = [inPage];
