import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { inCleanContext } from "../../../core/async-context.js";
import { builtinModule } from "../../../core/builtin-module.js";
import { startTimer, stopTimer } from "../../../core/clock.js";
import { ignore } from "../../../core/deferred.js";
import { tlsFacts } from "../../grpc-h2/node/tls-facts.js";
import type { ChannelStats } from "../../transport.js";
import type { WebLimits } from "../../web-doors.js";
import type { UpgradeHandler } from "../../web-options.js";
import { HandlerHome } from "../handler-home.js";
import { NodeExchange, type NodePlace } from "../node/node-exchange.js";
import { writeHead } from "../node/put-head.js";
import { refuseHttp, serveExchange, type WebService } from "../serve-exchange.js";

/** Milliseconds after the grace period in which upgraded connections must be closed. */
const CLOSING_MS = 2000;

/** Answers connections of HTTP/1.1, which it is given: it listens nowhere itself. */
export class Http1Door {
  readonly #service: WebService;
  readonly #place: NodePlace;
  readonly #home = new HandlerHome();
  readonly #server: Server;
  readonly #upgraded = new Set<Duplex>();

  constructor(service: WebService, limits: WebLimits, upgrades: Readonly<Record<string, UpgradeHandler>>) {
    this.#service = service;
    this.#place = { maxHeaderBytes: limits.maxMetadataBytes, tlsFacts, putHead: writeHead };
    const options = {
      maxHeaderSize: limits.maxMetadataBytes,
      headersTimeout: limits.handshakeTimeoutMs,
      // A client's stream may be long; calls have deadlines of their own.
      requestTimeout: 0,
      connectionsCheckingInterval: Math.max(1, Math.min(30_000, limits.handshakeTimeoutMs)),
    };
    // Looked up, not imported: the handlers of the same entry run where there is no node:http.
    const http = builtinModule<typeof import("node:http")>("node:http");
    if (http === undefined) throw new Error("webDoors needs node:http, which this platform has not");
    const { createServer } = http;
    this.#server = inCleanContext(() => createServer(options, (request, response) => this.#answer(request, response)));
    this.#server.maxHeadersCount = limits.maxMetadataPairs;
    const byPath = new Map(Object.entries(upgrades));
    if (byPath.size > 0) {
      this.#server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
        this.#upgrade(request, socket, head, byPath);
      });
    }
    // Node begins to look after slow headers when a server listens, which this one does not.
    this.#server.emit("listening");
  }

  take(socket: Socket): void {
    this.#server.emit("connection", socket);
  }

  stats(): ChannelStats {
    return this.#home.stats();
  }

  async shutdown(graceMs: number): Promise<void> {
    this.#server.closeIdleConnections();
    await Promise.all([this.#home.shutdown(graceMs), this.#upgradedGone(graceMs + CLOSING_MS)]);
    // Stops its timer too; that it does not listen is no news.
    this.#server.close(() => undefined);
    for (const socket of this.#upgraded) socket.destroy();
    this.#server.closeAllConnections();
  }

  /** Resolves when those who took connections over have closed them, or after so many milliseconds. */
  #upgradedGone(ms: number): Promise<void> {
    if (this.#upgraded.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = startTimer(resolve, ms);
      for (const socket of this.#upgraded) {
        socket.once("close", () => {
          if (this.#upgraded.size > 0) return;
          stopTimer(timer);
          resolve();
        });
      }
    });
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const exchange = new NodeExchange(request, response, request.url ?? "", this.#place);
    if (this.#home.closed) {
      refuseHttp(exchange, 503, "The server is shutting down.", ["connection", "close"]);
    } else if (!serveExchange(exchange, this.#service, this.#home)) {
      refuseHttp(exchange, 404, "No method has this path.");
    }
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, byPath: ReadonlyMap<string, UpgradeHandler>): void {
    const handler = byPath.get((request.url ?? "").replace(/\?.*$/s, ""));
    if (handler === undefined || this.#home.closed) {
      socket.on("error", ignore);
      socket.end(
        `HTTP/1.1 ${handler === undefined ? "404 Not Found" : "503 Service Unavailable"}\r\nConnection: close\r\n\r\n`,
      );
      return;
    }
    this.#upgraded.add(socket);
    socket.once("close", () => this.#upgraded.delete(socket));
    handler(request, socket, head);
  }
}
