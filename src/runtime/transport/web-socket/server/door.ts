import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { inCleanContext } from "../../../core/async-context.js";
import { startQuietTimer, stopTimer } from "../../../core/clock.js";
import type { Metadata } from "../../../core/metadata.js";
import { RpcError } from "../../../core/rpc-error.js";
import { status } from "../../../core/status.js";
import { serveHttp2 } from "../../grpc-h2/index.js";
import type { Http2ServerTransport } from "../../grpc-h2/server/server-transport.js";
import type { MethodServers } from "../../transport.js";
import { CloseCode, closeReason } from "../close-codes.js";
import { type PipeEnd, WebSocketPipe } from "../pipe.js";
import { type Authorize, WEB_SOCKET_DEFAULTS, type WebSocketServerOptions } from "./options.js";
import { checkOrigins, originFault } from "./origin.js";

/** The largest message that is taken: all of it lies in memory before it is read. Our clients send 64 KiB at most. */
const MAX_MESSAGE = 1024 * 1024;

/** So long a client that was refused has to hear why. */
const LINGER_MS = 1000;

/** Why a connection is refused, as the client is told. */
interface Refusal {
  readonly code: number;
  readonly reason: string;
}

/** Takes requests for WebSockets, and serves calls on them. */
export class WebSocketDoor {
  readonly path: string;
  readonly transport: Http2ServerTransport;
  readonly #origins: readonly string[] | undefined;
  readonly #authorize: Authorize | undefined;
  readonly #maxConnections: number;
  readonly #handshakeTimeoutMs: number;
  readonly #sockets: WebSocketServer;
  #open = 0;

  /** @throws TypeError for an option that nobody knows, a path that is none, or an origin that is none */
  constructor(methods: MethodServers, options: WebSocketServerOptions) {
    const { path = "/grpc", origins, authorize, maxConnections, ...http2 } = options;
    if (!/^\/[^?#]*$/.test(path)) throw new TypeError(`path must begin with a slash, as /grpc: "${path}"`);
    checkOrigins(origins);
    this.path = path;
    this.#origins = origins;
    this.#authorize = authorize;
    this.#maxConnections = maxConnections ?? Number.POSITIVE_INFINITY;
    this.#handshakeTimeoutMs = options.handshakeTimeoutMs ?? 10_000;
    const given = Object.fromEntries(Object.entries(http2).filter(([, value]) => value !== undefined));
    this.transport = serveHttp2(methods, { ...WEB_SOCKET_DEFAULTS, ...given });
    this.#sockets = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      // What gRPC sends is compressed already, or by gRPC; the extension costs 300 KiB for each connection.
      perMessageDeflate: false,
      maxPayload: MAX_MESSAGE,
      skipUTF8Validation: true,
    });
  }

  /** Whether a request is for this door, by its path. */
  takes(request: IncomingMessage): boolean {
    return pathOf(request) === this.path;
  }

  /** Takes the socket of an `upgrade` request over, whatever comes of it. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    inCleanContext(() => {
      // Until it is a WebSocket, nobody else hears of its errors.
      const onError = (): void => void socket.destroy();
      socket.on("error", onError);
      this.#open++;
      socket.once("close", () => this.#open--);
      const timer = startQuietTimer(() => socket.destroy(), this.#handshakeTimeoutMs, undefined);
      void this.#judge(request).then((judged) => {
        stopTimer(timer);
        socket.off("error", onError);
        if (socket.destroyed) return;
        this.#sockets.handleUpgrade(request, socket, head, (webSocket) => {
          // Its close follows, and says the rest.
          webSocket.on("error", () => {});
          if ("reason" in judged) refuse(webSocket, judged);
          else this.#serve(webSocket, request, judged.metadata);
        });
      });
    });
  }

  /** Never rejects. */
  async #judge(request: IncomingMessage): Promise<Refusal | { readonly metadata: Metadata | undefined }> {
    if (this.transport.closed) return { code: CloseCode.GoingAway, reason: "the server is shutting down" };
    if (this.#open > this.#maxConnections) {
      return { code: CloseCode.TryAgainLater, reason: "the server has as many connections as it takes" };
    }
    const { origin, host } = request.headers;
    const fault = originFault(origin, host, this.#origins);
    if (fault !== undefined) return { code: CloseCode.Forbidden, reason: fault };
    try {
      return { metadata: (await this.#authorize?.(request, ticketOf(request))) ?? undefined };
    } catch (error) {
      return refusalOf(error);
    }
  }

  #serve(socket: WebSocket, request: IncomingMessage, metadata: Metadata | undefined): void {
    socket.binaryType = "nodebuffer";
    const { remoteAddress = "unknown", remotePort } = request.socket;
    const address = remoteAddress.includes(":") ? `[${remoteAddress}]` : remoteAddress;
    const end: PipeEnd = {
      socket,
      peer: remotePort === undefined ? address : `${address}:${remotePort}`,
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

function refuse(socket: WebSocket, { code, reason }: Refusal): void {
  const linger = startQuietTimer(() => socket.terminate(), LINGER_MS, undefined);
  socket.on("close", () => stopTimer(linger));
  socket.close(code, closeReason(reason));
}

/** What `authorize` threw: a status is told, anything else is nobody's business outside. */
function refusalOf(error: unknown): Refusal {
  if (!(error instanceof RpcError)) return { code: CloseCode.InternalError, reason: "" };
  const reason = error.details;
  if (error.code === status.UNAUTHENTICATED) return { code: CloseCode.Unauthenticated, reason };
  if (error.code === status.PERMISSION_DENIED) return { code: CloseCode.Forbidden, reason };
  if (error.code === status.RESOURCE_EXHAUSTED || error.code === status.UNAVAILABLE) {
    return { code: CloseCode.TryAgainLater, reason };
  }
  return { code: CloseCode.InternalError, reason };
}

function pathOf({ url = "" }: IncomingMessage): string {
  const end = url.search(/[?#]/);
  return end === -1 ? url : url.slice(0, end);
}

function ticketOf({ url = "" }: IncomingMessage): string | undefined {
  const at = url.indexOf("?");
  return at === -1 ? undefined : (new URLSearchParams(url.slice(at)).get("ticket") ?? undefined);
}
