import { credentials, Server as GrpcServer, ServerCredentials } from "@grpc/grpc-js";
import { addToGrpcJs, grpcJsChannel } from "../../../src/runtime/grpc-js.js";
import { inProcess } from "../../../src/runtime/in-process.js";
import { connect, Server } from "../../../src/runtime/index.js";
import { http2Transport } from "../../../src/runtime/transport/http2/index.js";
import type { Transport } from "./harness.js";
import { TrialService } from "./trial-service.js";

/** Both ends on our own HTTP/2: the defaults of `connect` and `Server`. */
export const http2: Transport = {
  name: "http2",
  cannot: {},
  async start(handlers, options) {
    const server = new Server(options).add(TrialService, handlers);
    const { address } = await server.listen("127.0.0.1:0");
    return { channel: connect(`http://${address}`), shutdown: (graceMs) => server.shutdown({ graceMs }) };
  },
};

/** Both ends in one process, without a port. */
export const inMemory: Transport = {
  name: "in-process",
  cannot: {},
  async start(handlers, options) {
    const server = new Server(options).add(TrialService, handlers);
    return { channel: inProcess(server), shutdown: (graceMs) => server.shutdown({ graceMs }) };
  },
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
    return { channel: connect(`http://127.0.0.1:${port}`), shutdown };
  },
};

/** A grpc-js client, our server. */
export const grpcJsToHttp2: Transport = {
  name: "grpc-js client, http2 server",
  cannot: {},
  async start(handlers, options) {
    const server = new Server({ ...options, transport: http2Transport() }).add(TrialService, handlers);
    const { address } = await server.listen("127.0.0.1:0");
    return {
      channel: grpcJsChannel(address, credentials.createInsecure()),
      shutdown: (graceMs) => server.shutdown({ graceMs }),
    };
  },
};
