import { createServer as createHttp1 } from "node:http";
import { createServer as createHttp2 } from "node:http2";
import type { AddressInfo, Server as NetServer } from "node:net";
import { type Client, createClient, type Transport } from "@connectrpc/connect";
import { createConnectTransport, createGrpcTransport, createGrpcWebTransport } from "@connectrpc/connect-node";
import { onTestFinished } from "vitest";
import { described, service, unary } from "../../../src/runtime/codegen-v1.js";
import { Server, type ServerOptions, type Service } from "../../../src/runtime/index.js";
import { type HandlerOptions, nodeHandler, webDoors } from "../../../src/runtime/web-server.js";
import { codecs } from "../../contract/harness/codecs.js";
import { type TrialHandlers, trial, withDefaults } from "../../contract/harness/trial-service.js";
import { TrialDescriptor } from "../fetch/trial-descriptor.js";

export interface WebTrialHandlers extends TrialHandlers {
  /** May be called by GET. */
  look: TrialHandlers["greet"];
}

/** The contract's service with its descriptor, so that it speaks JSON too. */
export const WebTrialService: Service<WebTrialHandlers> = service(
  "contract.v1.Trial",
  described(TrialDescriptor, { ...trial, look: unary("/contract.v1.Trial/Look", codecs.string, codecs.string) }),
  TrialDescriptor,
);

/** Where requests come in. */
export type Place = "listen" | "node:http" | "node:http2";
export type Protocol = "connect" | "grpc-web" | "grpc";

export interface Door {
  readonly place: Place;
  readonly protocol: Protocol;
  readonly httpVersion: "1.1" | "2";
  readonly json: boolean;
}

export function serverOf(handlers: Partial<WebTrialHandlers>, options?: ServerOptions): Server {
  const all = withDefaults(handlers);
  const server = new Server(options).add(WebTrialService, { look: handlers.look ?? all.greet, ...all });
  onTestFinished(() => server.shutdown());
  return server;
}

/** Serves at this place; the URL. Closed when the test is over. */
export async function serveAt(place: Place, server: Server, options: HandlerOptions = {}): Promise<string> {
  if (place === "listen") {
    const { port } = await server.listen("127.0.0.1:0", { web: webDoors() });
    return `http://127.0.0.1:${port}`;
  }
  const handler = nodeHandler(server, options);
  return await listening(place === "node:http" ? createHttp1(handler) : createHttp2(handler));
}

/** Lets somebody else's server listen; the URL. */
export async function listening(server: NetServer): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    if ("closeAllConnections" in server && typeof server.closeAllConnections === "function")
      server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo; // it listens on TCP
  return `http://127.0.0.1:${port}`;
}

/** Connect's own client of a door. */
export function connectClient(
  url: string,
  { protocol, httpVersion, json }: Omit<Door, "place">,
): Client<TrialDescriptor> {
  return createClient(TrialDescriptor, transportOf(url, protocol, httpVersion, json));
}

function transportOf(baseUrl: string, protocol: Protocol, httpVersion: "1.1" | "2", json: boolean): Transport {
  const options = { baseUrl, httpVersion, useBinaryFormat: !json };
  if (protocol === "connect") return createConnectTransport(options);
  return protocol === "grpc" ? createGrpcTransport(options) : createGrpcWebTransport(options);
}

/** Every door, in every format. */
export const doors: readonly Door[] = (
  [
    ["listen", "connect", "1.1"],
    ["listen", "connect", "2"],
    ["listen", "grpc-web", "1.1"],
    ["listen", "grpc-web", "2"],
    ["listen", "grpc", "2"],
    ["node:http", "connect", "1.1"],
    ["node:http", "grpc-web", "1.1"],
    ["node:http2", "connect", "2"],
    ["node:http2", "grpc-web", "2"],
    ["node:http2", "grpc", "2"],
  ] as const
).flatMap(([place, protocol, httpVersion]) => [false, true].map((json) => ({ place, protocol, httpVersion, json })));

export function nameOf({ place, protocol, httpVersion, json }: Door): string {
  return `${protocol} over HTTP/${httpVersion} at ${place}, ${json ? "JSON" : "protobuf"}`;
}
