import { credentials } from "@grpc/grpc-js";
import { grpcJsChannel, grpcJsTransport } from "../../../src/runtime/grpc-js.js";
import { Server } from "../../../src/runtime/index.js";
import { connectGrpcJs } from "../../../src/runtime/transport/grpc-js/connect.js";
import type { Target } from "../../../src/runtime/transport/target.js";
import type { Transport } from "./harness.js";
import { TrialService } from "./trial-service.js";

/** Both ends on grpc-js. */
export const grpcJs: Transport = {
  name: "grpc-js",
  cannot: {
    "P3 an error does not overtake messages, whatever":
      "grpc-js drops what it has not read when an error status comes, and cannot read on without end (P9)",
    "P11 a second response to a unary call": "grpc-js waits for a read it never asks for",
    "P6 a truncated message": "grpc-js takes OK trailers behind half a message for a clean end",
  },
  async start(handlers, options, tls) {
    const server = new Server({ ...options, transport: grpcJsTransport() }).add(TrialService, handlers);
    const { port } = await server.listen("127.0.0.1:0", { tls: tls?.server });
    const target: Target = { kind: "tcp", tls: tls !== undefined, host: "127.0.0.1", port };
    const channel = connectGrpcJs(target, tls?.client);
    return { channel, port, shutdown: (graceMs) => server.shutdown({ graceMs }) };
  },
  connect: (port) => grpcJsChannel(`127.0.0.1:${port}`, credentials.createInsecure()),
};
