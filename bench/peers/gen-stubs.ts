import { readFileSync } from "node:fs";
import { credentials, Server as GrpcServer } from "@grpc/grpc-js";
import { connect, Server } from "gen-stubs-runtime";
import { addToGrpcJs, grpcJsChannel } from "gen-stubs-runtime/grpc-js";
import type { Peer } from "../peer.js";
import * as bytes from "./gen-stubs-bytes.js";
import * as es from "./gen-stubs-es.js";
import { bind } from "./grpc-js-server.js";

/** Our stubs over our own transport. */
export const http2: Peer = {
  async serve(tls) {
    const server = new Server().add(es.service, es.handlers);
    const options = tls === undefined ? {} : { tls: { cert: readFileSync(tls.cert), key: readFileSync(tls.key) } };
    return (await server.listen("127.0.0.1:0", options)).port;
  },
  connect(port, tls) {
    if (tls === undefined) return es.clientOf(connect(`http://127.0.0.1:${port}`));
    return es.clientOf(connect(`https://127.0.0.1:${port}`, { tls: { ca: readFileSync(tls.ca) } }));
  },
};

export const http2Bytes: Peer = {
  async serve() {
    const server = new Server().add(bytes.service, bytes.handlers);
    return (await server.listen("127.0.0.1:0")).port;
  },
  connect: (port) => bytes.clientOf(connect(`http://127.0.0.1:${port}`)),
};

/** Our stubs over grpc-js. */
export const grpcJs: Peer = {
  serve() {
    const server = new GrpcServer();
    addToGrpcJs(server, es.service, es.handlers);
    return bind(server);
  },
  connect: (port) => es.clientOf(grpcJsChannel(`127.0.0.1:${port}`, credentials.createInsecure())),
};

export const grpcJsBytes: Peer = {
  serve() {
    const server = new GrpcServer();
    addToGrpcJs(server, bytes.service, bytes.handlers);
    return bind(server);
  },
  connect: (port) => bytes.clientOf(grpcJsChannel(`127.0.0.1:${port}`, credentials.createInsecure())),
};
