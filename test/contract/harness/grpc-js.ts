import { type ConnectionOptions, createSecureContext } from "node:tls";
import { credentials } from "@grpc/grpc-js";
import { grpcJsChannel, grpcJsTransport } from "../../../src/runtime/grpc-js.js";
import { type Channel, Server } from "../../../src/runtime/index.js";
import type { Transport } from "./harness.js";
import { TrialService } from "./trial-service.js";

/** What grpc-js's client cannot keep, by the start of a test's title, and why. */
export const GRPC_JS_CLIENT_CANNOT: Readonly<Record<string, string>> = {
  "P3 an error does not overtake messages, whatever":
    "grpc-js drops what it has not read when an error status comes, and cannot read on without end (P9)",
  "P11 a second response to a unary call": "grpc-js waits for a read it never asks for",
  "P6 a truncated message": "grpc-js takes OK trailers behind half a message for a clean end",
};

/** What cannot be kept where node:http2 receives. */
export const NODE_HTTP2_CANNOT: Readonly<Record<string, string>> = {
  "P16 500 pairs of metadata": "node:http2 takes 128 pairs, and grpc-js does not tell it to take more",
};

/** What grpc-js cannot keep where its client is one of the ends. */
export const GRPC_JS_CANNOT: Readonly<Record<string, string>> = {
  ...NODE_HTTP2_CANNOT,
  "P19 calls go on under fake timers: vitest's default": "grpc-js takes timers and turns when it needs them",
  "P19 calls go on under fake timers: timers, turns": "grpc-js takes timers and turns when it needs them",
};

/** A grpc-js channel to a port, with TLS where the test wants it. */
export function connectGrpcJs(port: number, tls: ConnectionOptions | undefined): Channel {
  const target = `127.0.0.1:${port}`;
  if (tls === undefined) return grpcJsChannel(target, credentials.createInsecure());
  const { rejectUnauthorized, checkServerIdentity, servername } = tls;
  const secure = credentials.createFromSecureContext(createSecureContext(tls), {
    ...(rejectUnauthorized === undefined ? {} : { rejectUnauthorized }),
    ...(checkServerIdentity === undefined ? {} : { checkServerIdentity }),
  });
  return grpcJsChannel(target, secure, servername === undefined ? {} : { "grpc.ssl_target_name_override": servername });
}

/** Both ends on grpc-js. */
export const grpcJs: Transport = {
  name: "grpc-js",
  cannot: { ...GRPC_JS_CANNOT, ...GRPC_JS_CLIENT_CANNOT },
  async start(handlers, options, tls) {
    const server = new Server({ ...options, transport: grpcJsTransport() }).add(TrialService, handlers);
    const { port } = await server.listen("127.0.0.1:0", { tls: tls?.server });
    const channel = connectGrpcJs(port, tls?.client);
    return { channel, port, shutdown: (graceMs) => server.shutdown({ graceMs }) };
  },
  connect: (port) => grpcJsChannel(`127.0.0.1:${port}`, credentials.createInsecure()),
};
