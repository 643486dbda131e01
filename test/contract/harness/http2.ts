import { grpcJsTransport } from "../../../src/runtime/grpc-js.js";
import { inProcess } from "../../../src/runtime/in-process.js";
import { type Channel, connect, Server } from "../../../src/runtime/index.js";
import { http2Transport } from "../../../src/runtime/transport/grpc-h2/index.js";
import { connectGrpcJs, GRPC_JS_CANNOT, GRPC_JS_CLIENT_CANNOT, grpcJs, NODE_HTTP2_CANNOT } from "./grpc-js.js";
import type { TlsEnds, Transport } from "./harness.js";
import { TrialService } from "./trial-service.js";

const connectPort = (port: number): Channel => connect(`http://127.0.0.1:${port}`);

/** As `connectPort`, with TLS where the test wants it. */
function connectTo(port: number, tls: TlsEnds | undefined): Channel {
  return tls === undefined ? connectPort(port) : connect(`https://127.0.0.1:${port}`, { tls: tls.client });
}

/** Both ends on our own HTTP/2: the defaults of `connect` and `Server`. */
export const http2: Transport = {
  name: "http2",
  cannot: {},
  async start(handlers, options, tls) {
    const server = new Server(options).add(TrialService, handlers);
    const { port } = await server.listen("127.0.0.1:0", { tls: tls?.server });
    return { channel: connectTo(port, tls), port, shutdown: (graceMs) => server.shutdown({ graceMs }) };
  },
  connect: connectPort,
};

/** Both ends in one process, without a port. */
export const inMemory: Transport = {
  name: "in-process",
  cannot: {},
  async start(handlers, options) {
    const server = new Server(options).add(TrialService, handlers);
    return { channel: inProcess(server), port: undefined, shutdown: (graceMs) => server.shutdown({ graceMs }) };
  },
  connect: undefined,
};

/** Our client, a grpc-js server. */
export const http2ToGrpcJs: Transport = {
  name: "http2 client, grpc-js server",
  cannot: NODE_HTTP2_CANNOT,
  async start(handlers, options, tls) {
    const server = new Server({ ...options, transport: grpcJsTransport() }).add(TrialService, handlers);
    const { port } = await server.listen("127.0.0.1:0", { tls: tls?.server });
    return { channel: connectTo(port, tls), port, shutdown: (graceMs) => server.shutdown({ graceMs }) };
  },
  connect: connectPort,
};

/** A grpc-js client, our server. */
export const grpcJsToHttp2: Transport = {
  name: "grpc-js client, http2 server",
  cannot: { ...GRPC_JS_CANNOT, ...GRPC_JS_CLIENT_CANNOT },
  async start(handlers, options, tls) {
    const server = new Server({ ...options, transport: http2Transport() }).add(TrialService, handlers);
    const { port } = await server.listen("127.0.0.1:0", { tls: tls?.server });
    return { channel: connectGrpcJs(port, tls?.client), port, shutdown: (graceMs) => server.shutdown({ graceMs }) };
  },
  connect: grpcJs.connect,
};

/** A service config for every method: the calls of the contract are retried calls. */
const serviceConfig = {
  methodConfig: [
    {
      name: [{}],
      retryPolicy: {
        maxAttempts: 3,
        initialBackoff: "0.001s",
        maxBackoff: "0.002s",
        backoffMultiplier: 2,
        retryableStatusCodes: ["UNAVAILABLE"],
      },
    },
  ],
};

/** Both ends on our own HTTP/2, every call under a retry policy. */
export const retried: Transport = {
  name: "http2 with a retry policy",
  cannot: {},
  async start(handlers, options, tls) {
    const server = new Server(options).add(TrialService, handlers);
    const { port } = await server.listen("127.0.0.1:0", { tls: tls?.server });
    const channel =
      tls === undefined
        ? retried.connect!(port)
        : connect(`https://127.0.0.1:${port}`, { tls: tls.client, serviceConfig });
    return { channel, port, shutdown: (graceMs) => server.shutdown({ graceMs }) };
  },
  connect: (port) => connect(`http://127.0.0.1:${port}`, { serviceConfig }),
};
