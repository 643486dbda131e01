import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { WebSocket } from "ws";
import { Server, type ServerOptions } from "../../../src/runtime/index.js";
import { type WebSocketChannelOptions, webSocketChannel } from "../../../src/runtime/web-socket.js";
import { TrialClient, type TrialHandlers, TrialService, withDefaults } from "../../contract/harness/trial-service.js";

/** A web server on 127.0.0.1, until the test is over. */
export async function listening(web: HttpServer = createServer()): Promise<{ web: HttpServer; port: number }> {
  await new Promise<void>((resolve) => web.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void web.close());
  return { web, port: (web.address() as AddressInfo).port }; // it listens on TCP
}

/** A gRPC server of these handlers, until the test is over. */
export function serving(handlers: Partial<TrialHandlers>, options: ServerOptions = {}): Server {
  const server = new Server(options).add(TrialService, withDefaults(handlers));
  onTestFinished(() => server.shutdown());
  return server;
}

/** A client over WebSockets of the package `ws`, until the test is over. */
export function calling(url: string, options: WebSocketChannelOptions = {}): TrialClient {
  const channel = webSocketChannel(url, { webSocket: WebSocket, ...options });
  onTestFinished(() => channel.close());
  return new TrialClient(channel);
}

/** How a WebSocket of these headers ends. */
export function closing(url: string, headers: Record<string, string> = {}): Promise<{ code: number; reason: string }> {
  const socket = new WebSocket(url, { headers });
  return new Promise((resolve, reject) => {
    socket.on("error", reject);
    socket.on("close", (code, reason) => resolve({ code, reason: reason.toString() }));
  });
}

/** Waits, over turns of the event loop, until something is so that another end has to bring about. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 1));
}
