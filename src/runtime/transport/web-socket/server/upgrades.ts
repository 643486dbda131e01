import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { inCleanContext } from "../../../core/async-context.js";
import { startQuietTimer, stopTimer } from "../../../core/clock.js";
import { ignore } from "../../../core/deferred.js";
import { hostPort } from "../../../core/host-port.js";
import type { Metadata } from "../../../core/metadata.js";
import { RpcError } from "../../../core/rpc-error.js";
import { status } from "../../../core/status.js";
import { CloseCode, closeReason } from "../close-codes.js";
import { checkOrigins, originFault } from "./origin.js";

/** The largest message that is taken: all of it lies in memory before it is read. Our clients send 64 KiB at most. */
const MAX_MESSAGE = 1024 * 1024;

/** So long a client that was refused has to hear why. */
const LINGER_MS = 1000;

/** Looks at a request for a WebSocket; its ticket is the query's `ticket`, where the client gives one. */
export type Authorize = (
  request: IncomingMessage,
  ticket: string | undefined,
) => Promise<Metadata | undefined> | Metadata | undefined;

/** Why a connection is refused, as the client is told. */
export interface Refusal {
  readonly code: number;
  readonly reason: string;
}

/** Who is let in. */
export interface UpgradeOptions {
  readonly origins: readonly string[] | undefined;
  readonly authorize: Authorize | undefined;
  readonly maxConnections: number;
  readonly handshakeTimeoutMs: number;
  /** Whether new connections are refused now, and why. */
  readonly refusal: (request: IncomingMessage) => Refusal | undefined;
  /** An open WebSocket, and what `authorize` said of it. */
  readonly onOpen: (socket: WebSocket, request: IncomingMessage, metadata: Metadata | undefined) => void;
}

/**
 * Makes WebSockets of requests, and refuses those that may not be: by a close code, for a page cannot read the HTTP status of an
 * upgrade that was refused.
 */
export class Upgrades {
  readonly #options: UpgradeOptions;
  readonly #sockets: WebSocketServer;
  #open = 0;

  /** @throws TypeError for an invalid origin */
  constructor(options: UpgradeOptions) {
    checkOrigins(options.origins);
    this.#options = options;
    this.#sockets = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      // gRPC compresses what is worth it, and what is TLS cannot be; the extension would hold 300 KiB for each connection.
      perMessageDeflate: false,
      maxPayload: MAX_MESSAGE,
      skipUTF8Validation: true,
    });
  }

  /** Takes the socket of an `upgrade` request over, whatever comes of it. */
  take(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    inCleanContext(() => {
      // Until it is a WebSocket, its errors have no other listener.
      const onError = (): void => void socket.destroy();
      socket.on("error", onError);
      this.#open++;
      socket.once("close", () => this.#open--);
      const timer = startQuietTimer(() => socket.destroy(), this.#options.handshakeTimeoutMs);
      void this.#judge(request).then((judged) => {
        stopTimer(timer);
        socket.off("error", onError);
        if (socket.destroyed) return;
        this.#sockets.handleUpgrade(request, socket, head, (webSocket) => {
          webSocket.on("error", ignore);
          if ("reason" in judged) refuse(webSocket, judged);
          else this.#options.onOpen(webSocket, request, judged.metadata);
        });
      });
    });
  }

  /** Never rejects. */
  async #judge(request: IncomingMessage): Promise<Refusal | { readonly metadata: Metadata | undefined }> {
    const { refusal, maxConnections, origins, authorize } = this.#options;
    const refused = refusal(request);
    if (refused !== undefined) return refused;
    if (this.#open > maxConnections) {
      return { code: CloseCode.TryAgainLater, reason: "the server has as many connections as it takes" };
    }
    const { origin, host } = request.headers;
    const fault = originFault(origin, host, origins);
    if (fault !== undefined) return { code: CloseCode.Forbidden, reason: fault };
    try {
      return { metadata: await authorize?.(request, ticketOf(request)) };
    } catch (error) {
      return refusalOf(error);
    }
  }
}

/** Closes with a code, and ends the socket where the peer does not answer in time. */
export function refuse(socket: WebSocket, { code, reason }: Refusal): void {
  const linger = startQuietTimer(() => socket.terminate(), LINGER_MS);
  socket.on("close", () => stopTimer(linger));
  socket.close(code, closeReason(reason));
}

/** The path of a request's URL. */
export function pathOf({ url = "" }: IncomingMessage): string {
  const end = url.search(/[?#]/);
  return end === -1 ? url : url.slice(0, end);
}

/** `address:port` of the client; the address alone where the port is not known. */
export function peerOf({ socket }: IncomingMessage): string {
  const { remoteAddress = "unknown", remotePort } = socket;
  return hostPort(remoteAddress, remotePort);
}

/** The close for an error of `authorize`: the status of an RpcError is sent, the text of any other error is not. */
function refusalOf(error: unknown): Refusal {
  if (!(error instanceof RpcError)) return { code: CloseCode.InternalError, reason: "" };
  const reason = error.details;
  switch (error.code) {
    case status.UNAUTHENTICATED:
      return { code: CloseCode.Unauthenticated, reason };
    case status.PERMISSION_DENIED:
      return { code: CloseCode.Forbidden, reason };
    case status.RESOURCE_EXHAUSTED:
    case status.UNAVAILABLE:
      return { code: CloseCode.TryAgainLater, reason };
    default:
      return { code: CloseCode.InternalError, reason };
  }
}

function ticketOf({ url = "" }: IncomingMessage): string | undefined {
  const at = url.indexOf("?");
  return at === -1 ? undefined : (new URLSearchParams(url.slice(at)).get("ticket") ?? undefined);
}
