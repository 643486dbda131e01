import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { WebSocket } from "ws";
import { type Channel, Server } from "../../../src/runtime/index.js";
import { webSocketChannel } from "../../../src/runtime/web-socket.js";
import { attachWebSocket } from "../../../src/runtime/web-socket-server.js";
import type { Transport } from "./harness.js";
import { TrialService } from "./trial-service.js";

const connectTo = (port: number): Channel => webSocketChannel(`ws://127.0.0.1:${port}/grpc`, { webSocket: WebSocket });

/** Our HTTP/2 within WebSockets, into a server of node:http. */
export const webSocket: Transport = {
  name: "WebSocket",
  cannot: {},
  async start(handlers, options) {
    const server = new Server(options).add(TrialService, handlers);
    const web = createServer();
    attachWebSocket(web, server);
    await new Promise<void>((resolve) => web.listen(0, "127.0.0.1", resolve));
    const { port } = web.address() as AddressInfo; // it listens on TCP
    const shutdown = async (graceMs: number): Promise<void> => {
      const closed = new Promise((resolve) => web.close(resolve));
      await server.shutdown({ graceMs });
      await closed;
    };
    return { channel: connectTo(port), port, shutdown };
  },
  connect: undefined,
};
