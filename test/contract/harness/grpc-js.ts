import { credentials } from "@grpc/grpc-js";
import { grpcJsChannel, grpcJsTransport } from "../../../src/runtime/grpc-js.js";
import { Server } from "../../../src/runtime/index.js";
import type { Transport } from "./harness.js";
import { TrialService } from "./trial-service.js";

/** Both ends on grpc-js. */
export const grpcJs: Transport = {
  name: "grpc-js",
  cannot: {},
  async start(handlers, options) {
    const server = new Server({ ...options, transport: grpcJsTransport() }).add(TrialService, handlers);
    const { port } = await server.listen("127.0.0.1:0");
    const channel = grpcJsChannel(`127.0.0.1:${port}`, credentials.createInsecure());
    return { channel, shutdown: (graceMs) => server.shutdown({ graceMs }) };
  },
};
