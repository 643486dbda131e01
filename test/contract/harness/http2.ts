import { grpcJsTransport } from "../../../src/runtime/grpc-js.js";
import { inProcess } from "../../../src/runtime/in-process.js";
import { type Channel, connect, Server } from "../../../src/runtime/index.js";
import { connectGrpcJs } from "../../../src/runtime/transport/grpc-js/connect.js";
import { http2Transport } from "../../../src/runtime/transport/http2/index.js";
import { grpcJs } from "./grpc-js.js";
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
  cannot: {},
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
  cannot: {
    "P3 an error does not overtake messages, whatever":
      "grpc-js drops what it has not read when an error status comes, and cannot read on without end (P9)",
    "P11 a second response to a unary call": "grpc-js waits for a read it never asks for",
    "P6 a truncated message": "grpc-js takes OK trailers behind half a message for a clean end",
  },
  async start(handlers, options, tls) {
    const server = new Server({ ...options, transport: http2Transport() }).add(TrialService, handlers);
    const { port } = await server.listen("127.0.0.1:0", { tls: tls?.server });
    const channel = connectGrpcJs({ kind: "tcp", tls: tls !== undefined, host: "127.0.0.1", port }, tls?.client);
    return { channel, port, shutdown: (graceMs) => server.shutdown({ graceMs }) };
  },
  connect: grpcJs.connect,
};
