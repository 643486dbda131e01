import { credentials, Server as GrpcServer, ServerCredentials } from "@grpc/grpc-js";
import { addToGrpcJs, grpcJsChannel } from "../../../src/runtime/grpc-js.js";
import { inProcess } from "../../../src/runtime/in-process.js";
import { type Channel, connect, Server } from "../../../src/runtime/index.js";
import { http2Transport } from "../../../src/runtime/transport/http2/index.js";
import type { Transport } from "./harness.js";
import { TrialService } from "./trial-service.js";

const connectPort = (port: number): Channel => connect(`http://127.0.0.1:${port}`);

/** Both ends on our own HTTP/2: the defaults of `connect` and `Server`. */
export const http2: Transport = {
  name: "http2",
  cannot: {},
  async start(handlers, options) {
    const server = new Server(options).add(TrialService, handlers);
    const { port } = await server.listen("127.0.0.1:0");
    return { channel: connectPort(port), port, shutdown: (graceMs) => server.shutdown({ graceMs }) };
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
  async start(handlers, options) {
    const server = new GrpcServer();
    addToGrpcJs(server, TrialService, handlers, options);
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
        error === null ? resolve(bound) : reject(error),
      );
    });
    const shutdown = (graceMs: number) =>
      new Promise<void>((resolve) => {
        const timer = setTimeout(() => server.forceShutdown(), graceMs);
        server.tryShutdown(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    return { channel: connectPort(port), port, shutdown };
  },
  connect: connectPort,
};

const connectGrpcJs = (port: number): Channel => grpcJsChannel(`127.0.0.1:${port}`, credentials.createInsecure());

/** A grpc-js client, our server. */
export const grpcJsToHttp2: Transport = {
  name: "grpc-js client, http2 server",
  cannot: {
    "P3 an error does not overtake messages, whatever":
      "grpc-js drops what it has not read when an error status comes, and cannot read on without end (P9)",
    "P6 a truncated message": "grpc-js takes OK trailers behind half a message for a clean end",
  },
  async start(handlers, options) {
    const server = new Server({ ...options, transport: http2Transport() }).add(TrialService, handlers);
    const { port } = await server.listen("127.0.0.1:0");
    return { channel: connectGrpcJs(port), port, shutdown: (graceMs) => server.shutdown({ graceMs }) };
  },
  connect: connectGrpcJs,
};
