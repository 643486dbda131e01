import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { type Duplex, pipeline } from "node:stream";
import { createWebSocketStream, type WebSocket } from "ws";
import { startQuietTimer, stopTimer } from "../../../core/clock.js";
import { openSocket } from "../../grpc-h2/node/open-socket.js";
import { CloseCode } from "../close-codes.js";
import type { WebEntry } from "../server/attach.js";
import { pathOf, type Refusal, refuse, Upgrades } from "../server/upgrades.js";
import type { ResolvedRelayOptions, ResolvedTarget } from "./options.js";
import { PrefaceCheck } from "./preface-check.js";

const NO_HTTP2: Refusal = {
  code: CloseCode.UnsupportedData,
  reason: "the relay is for gRPC alone: this is no HTTP/2",
};

/** Joins WebSockets to TCP connections, each to the server that its path names. */
export class WebSocketRelay implements WebEntry {
  readonly #options: ResolvedRelayOptions;
  readonly #upgrades: Upgrades;
  readonly #open = new Set<WebSocket>();
  #closed = false;

  constructor(options: ResolvedRelayOptions) {
    this.#options = options;
    const { authorize } = options;
    this.#upgrades = new Upgrades({
      ...options,
      authorize:
        authorize === undefined
          ? undefined
          : async (request, ticket) => {
              await authorize(request, this.#nameIn(request) ?? "", ticket);
              return undefined;
            },
      refusal: (request) => {
        if (this.#closed) return { code: CloseCode.GoingAway, reason: "the relay is shutting down" };
        if (this.#targetOf(request) !== undefined) return undefined;
        return { code: CloseCode.NotFound, reason: `the relay has no target "${this.#nameIn(request)}"` };
      },
      onOpen: (socket, request) => this.#join(socket, this.#targetOf(request)!), // `refusal` has looked
    });
  }

  /** Connections that are open. */
  get connections(): number {
    return this.#open.size;
  }

  readonly handleUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): boolean => {
    if (this.#nameIn(request) === undefined) return false;
    this.#upgrades.take(request, socket, head);
    return true;
  };

  /** Takes no more connections, and closes those that are open. */
  close(): void {
    this.#closed = true;
    for (const socket of this.#open)
      refuse(socket, { code: CloseCode.GoingAway, reason: "the relay is shutting down" });
  }

  /** What follows the path; undefined where the request is for something else. */
  #nameIn(request: IncomingMessage): string | undefined {
    const path = pathOf(request);
    const { path: prefix } = this.#options;
    return path.startsWith(`${prefix}/`) ? path.slice(prefix.length + 1) : undefined;
  }

  #targetOf(request: IncomingMessage): ResolvedTarget | undefined {
    return this.#options.targets.get(this.#nameIn(request) ?? "");
  }

  #join(socket: WebSocket, { target, tls }: ResolvedTarget): void {
    this.#open.add(socket);
    // What the page sends meanwhile waits in its socket.
    socket.pause();
    const onOpen = (server: Duplex): void => {
      stopTimer(timer);
      socket.off("close", giveUp);
      this.#carry(socket, server as Socket); // it went over no stream of anybody's
    };
    const onFailed = (reason: string): void => {
      stopTimer(timer);
      socket.resume();
      refuse(socket, { code: CloseCode.BadGateway, reason: `the relay cannot reach the server: ${reason}` });
    };
    const giveUp = openSocket(target, tls, {}, onOpen, onFailed);
    const timer = startQuietTimer(
      () => {
        giveUp();
        socket.resume();
        refuse(socket, { code: CloseCode.BadGateway, reason: "the relay reached no server in time" });
      },
      this.#options.handshakeTimeoutMs,
      undefined,
    );
    socket.once("close", giveUp);
    socket.once("close", () => {
      stopTimer(timer);
      this.#open.delete(socket);
    });
  }

  #carry(socket: WebSocket, server: Socket): void {
    const { highWaterMark, idleTimeoutMs } = this.#options;
    const page = createWebSocketStream(socket, { highWaterMark });
    const check = new PrefaceCheck(() => refuse(socket, NO_HTTP2));
    // Both ends are closed together; which one closed first, and why, is not reported.
    const over = (): void => {
      server.destroy();
      page.destroy();
    };
    pipeline(page, check, server, over);
    pipeline(server, page, over);
    server.setTimeout(idleTimeoutMs, () => {
      refuse(socket, { code: CloseCode.GoingAway, reason: "nothing was sent for too long" });
    });
    this.#watch(socket);
    socket.resume();
  }

  /** A page that is frozen, or whose network is gone, answers no pings. */
  #watch(socket: WebSocket): void {
    let answered = true;
    socket.on("pong", () => {
      answered = true;
    });
    const { pingIntervalMs } = this.#options;
    const ask = (): void => {
      if (!answered) {
        socket.terminate();
        return;
      }
      answered = false;
      socket.ping();
      timer = startQuietTimer(ask, pingIntervalMs);
    };
    let timer = startQuietTimer(ask, pingIntervalMs);
    socket.once("close", () => stopTimer(timer));
  }
}
