import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import type { Metadata } from "../../../core/metadata.js";
import { serveHttp2 } from "../../grpc-h2/index.js";
import type { Http2ServerTransport } from "../../grpc-h2/server/server-transport.js";
import type { MethodServers } from "../../transport.js";
import { CloseCode } from "../close-codes.js";
import { type PipeEnd, WebSocketPipe } from "../pipe.js";
import type { WebEntry } from "./attach.js";
import { splitServerOptions, type WebSocketServerOptions } from "./options.js";
import { pathOf, peerOf, type Refusal, Upgrades } from "./upgrades.js";

const SHUTTING_DOWN: Refusal = { code: CloseCode.GoingAway, reason: "the server is shutting down" };

/** Takes requests for WebSockets, and serves calls on them. */
export class WebSocketDoor implements WebEntry {
  readonly path: string;
  readonly transport: Http2ServerTransport;
  readonly #upgrades: Upgrades;

  /** @throws TypeError for an unknown option, an invalid path or an invalid origin */
  constructor(methods: MethodServers, options: WebSocketServerOptions) {
    const { path, http2, ...upgrades } = splitServerOptions(options);
    this.path = path;
    this.#upgrades = new Upgrades({
      ...upgrades,
      refusal: () => (this.transport.closed ? SHUTTING_DOWN : undefined),
      onOpen: (socket, request, metadata) => this.#serve(socket, request, metadata),
    });
    this.transport = serveHttp2(methods, http2);
  }

  readonly handleUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): boolean => {
    if (pathOf(request) !== this.path) return false;
    this.#upgrades.take(request, socket, head);
    return true;
  };

  #serve(socket: WebSocket, request: IncomingMessage, metadata: Metadata | undefined): void {
    socket.binaryType = "nodebuffer";
    const end: PipeEnd = {
      socket,
      peer: peerOf(request),
      metadata,
      send: (bytes, sent) =>
        socket.send(bytes, (error) => {
          if (error == null) sent();
        }),
      terminate: () => socket.terminate(),
    };
    this.transport.accept((user) => new WebSocketPipe(end, user));
  }
}
