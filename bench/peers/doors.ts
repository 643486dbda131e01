import { createServer } from "node:http";
import { createServer as createHttp2Server } from "node:http2";
import type { AddressInfo } from "node:net";
import type { Transport } from "@connectrpc/connect";
import { connectNodeAdapter, createConnectTransport, createGrpcWebTransport } from "@connectrpc/connect-node";
import { Server } from "gen-stubs-runtime";
import { fetchChannel } from "gen-stubs-runtime/web";
import { webDoors } from "gen-stubs-runtime/web-server";
import type { Peer } from "../peer.js";
import { ConnectNodeClient, routes } from "./connect-node.js";
import * as es from "./gen-stubs-es.js";

/** What browsers speak. */
export interface Door {
  readonly protocol: "connect" | "grpc-web";
  readonly httpVersion: "1.1" | "2";
}

function transport({ protocol, httpVersion }: Door, port: number): Transport {
  const options = { baseUrl: `http://127.0.0.1:${port}`, httpVersion };
  return protocol === "connect"
    ? createConnectTransport({ ...options, useBinaryFormat: true })
    : createGrpcWebTransport(options);
}

/** Our server and connect-node's, each called by connect-node's client, so that what differs is the server. */
export function served(by: "gen-stubs" | "connect-node", door: Door): Peer {
  return {
    serve: by === "gen-stubs" ? serveOurs : () => serveConnectNode(door.httpVersion),
    connect: (port) => new ConnectNodeClient(transport(door, port)),
  };
}

/** Our server called by our own `fetchChannel`, which is Node's fetch: HTTP/1.1. */
export function fetched(protocol: Door["protocol"]): Peer {
  return {
    serve: serveOurs,
    connect: (port) => es.clientOf(fetchChannel(`http://127.0.0.1:${port}`, { protocol })),
  };
}

async function serveOurs(): Promise<number> {
  const server = new Server().add(es.service, es.handlers);
  return (await server.listen("127.0.0.1:0", { web: webDoors() })).port;
}

async function serveConnectNode(httpVersion: Door["httpVersion"]): Promise<number> {
  const adapter = connectNodeAdapter({ routes });
  const server = httpVersion === "2" ? createHttp2Server(adapter) : createServer(adapter);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port; // it listens on TCP
}
