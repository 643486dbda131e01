import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { joinBytes } from "../../../core/bytes.js";
import { startQuietTimer, stopTimer } from "../../../core/clock.js";
import { ignore } from "../../../core/deferred.js";
import { hostPort } from "../../../core/host-port.js";
import { soon } from "../../../core/turn.js";
import type { CallTls } from "../../transport.js";
import type { Exchange, ExchangeListener, Headers } from "../exchange.js";
import type { NodeRequest, NodeResponse } from "./messages.js";
import { grouped, type PutHead } from "./put-head.js";

/** Bytes of a request's body that may lie unread here before the client is stopped. */
const UNREAD_BYTES = 64 * 1024;
/** Bytes that are sent in one turn become one write, and one chunk of HTTP/1.1, up to here. */
const JOINED_BYTES = 16 * 1024;
/** What a client may still send once its answer is out, and how long; then its connection ends. */
const DRAINED_BYTES = 16 * 1024 * 1024;
const DRAIN_MS = 5000;

/** What differs from one place of node:http to the next. */
export interface NodePlace {
  /** The largest block of headers, and of trailers, that may be sent. */
  readonly maxHeaderBytes: number;
  /** What a call may know of its connection; a function of the platform gives it, so that nothing of Node is imported here. */
  readonly tlsFacts: (socket: TLSSocket) => CallTls;
  readonly putHead: PutHead;
}

/** One exchange of node:http, or of what has its interface. */
export class NodeExchange implements Exchange {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Headers;
  readonly peer: string;
  readonly tls: CallTls | undefined;
  readonly authority: string | undefined;
  readonly takesTrailers: boolean;
  readonly maxHeaderBytes: number;
  readonly headerLimitOwner: string = "(maxMetadataBytes)";
  readonly answerHeaders: string[] = [];
  readonly #request: NodeRequest;
  readonly #response: NodeResponse;
  readonly #putHead: PutHead;
  #listener: ExchangeListener | undefined;
  #unread = 0;
  #paused = false;
  /** The body's true end has come. */
  #requestEnded = false;
  #finished = false;
  #over = false;
  /** Node has more than its own high-water mark: "drain" follows. */
  #full = false;
  /** What was sent in this turn. */
  #pieces: Uint8Array[] = [];
  #pieceBytes = 0;

  /** @param path What of the URL belongs to the services: without a prefix, with the query. */
  constructor(request: NodeRequest, response: NodeResponse, path: string, place: NodePlace) {
    this.#request = request;
    this.#response = response;
    this.#putHead = place.putHead;
    this.maxHeaderBytes = place.maxHeaderBytes;
    this.method = request.method ?? "";
    const mark = path.indexOf("?");
    this.path = mark < 0 ? path : path.slice(0, mark);
    this.query = mark < 0 ? "" : path.slice(mark + 1);
    this.headers = lowerCased(request.rawHeaders);
    this.takesTrailers = request.httpVersionMajor >= 2;
    // Both kinds of request have a socket of node:net, or what stands for one.
    const socket = request.socket as Socket | undefined;
    this.peer = peerOf(socket);
    this.tls = socket !== undefined && "encrypted" in socket ? place.tlsFacts(socket as TLSSocket) : undefined;
    this.authority = "authority" in request ? request.authority : request.headers.host;
    response.on("finish", () => this.#sent());
    response.on("close", () => this.#closed());
    response.on("error", ignore);
    request.on("error", ignore); // "close" follows
  }

  /** Whether the body was read before, for example by a framework's body parser. */
  get wasRead(): boolean {
    const { readableEnded, readableDidRead } = this.#request;
    return (readableEnded || readableDidRead) && this.method === "POST";
  }

  get queuedBytes(): number {
    if (this.#over) return 0;
    // Both kinds of response have these two.
    const { writableLength, writableFinished } = this.#response as ServerResponse;
    const waiting = writableLength + this.#pieceBytes;
    // Until it is finished something may wait that is not counted.
    return this.#finished && !writableFinished ? Math.max(1, waiting) : waiting;
  }

  get tellsWhenSent(): boolean {
    return this.#full || this.#finished;
  }

  listen(listener: ExchangeListener): void {
    this.#listener = listener;
    const request = this.#request;
    request.on("data", (chunk: Buffer) => {
      this.#unread += chunk.length;
      listener.onData(chunk, 0, chunk.length);
      if (this.#unread <= UNREAD_BYTES || this.#paused || this.#over) return;
      this.#paused = true;
      request.pause();
    });
    request.on("end", () => {
      if ("complete" in request && !request.complete) return; // "close" follows
      this.#requestEnded = true;
      if (!this.#over) listener.onEnd();
    });
  }

  sendHead(httpStatus: number, headers: Headers, alone: boolean): void {
    if (this.#over || this.#finished) return;
    this.#setHead(httpStatus, headers);
    if (alone) this.#flushHead();
  }

  send(bytes: Uint8Array): void {
    if (this.#over || this.#finished) return;
    if (this.#pieces.length === 0) soon(flush, this);
    this.#pieces.push(bytes);
    this.#pieceBytes += bytes.length;
    if (this.#pieceBytes >= JOINED_BYTES) this.flush();
  }

  /** Writes what was sent in this turn. */
  flush(): void {
    const bytes = this.#takePieces();
    if (this.#over || bytes === undefined) return;
    // The two kinds of response have the same method, with types of their own.
    const response = this.#response as ServerResponse;
    if (response.write(bytes) || this.#full) return;
    this.#full = true;
    response.once("drain", () => {
      this.#full = false;
      this.#listener?.onWritable();
    });
  }

  finish(trailers: Headers | undefined): void {
    if (this.#over || this.#finished) return;
    if (trailers !== undefined) this.flush();
    this.#finished = true;
    if (trailers !== undefined) {
      // Only HTTP/2's has trailers here, by a method that its types lack.
      const response = this.#response as unknown as { setTrailer(name: string, value: string | string[]): void };
      for (const [name, value] of grouped(trailers)) response.setTrailer(name, value);
      // Where `end` sends the head, node:http2 sends END_STREAM with it, and no trailers.
      if (!this.#response.headersSent) this.#flushHead();
    }
    const last = this.#takePieces();
    if (last === undefined) this.#response.end();
    else this.#response.end(last);
  }

  respond(httpStatus: number, headers: Headers, body: Uint8Array): void {
    if (this.#over || this.#finished) return;
    this.#finished = true;
    const response = this.#response as ServerResponse; // as in `send`
    // HTTP/2 says the end in another way.
    const hasLength = httpStatus !== 204 && (body.length > 0 || !this.takesTrailers);
    this.#setHead(httpStatus, hasLength ? [...headers, "content-length", String(body.length)] : headers);
    // An end without a body is the head's own in HTTP/2: gRPC's trailers may stand there.
    if (body.length === 0) response.end();
    else response.end(body);
  }

  dropRequest(): void {
    if (this.#requestEnded) return;
    const request = this.#request;
    if ("stream" in request) {
      // NO_ERROR: the answer stands (RFC 9113, section 8.1).
      request.stream.close(0);
      return;
    }
    // What is left is read and thrown away, so that the connection can be used again; but not without end.
    let left = DRAINED_BYTES;
    const { socket } = request;
    const timer = startQuietTimer(() => socket.destroy(), DRAIN_MS);
    request.on("data", (chunk: Buffer) => {
      left -= chunk.length;
      if (left < 0) socket.destroy();
    });
    request.on("close", () => stopTimer(timer));
    request.resume();
  }

  abort(): void {
    this.#over = true;
    this.#response.destroy();
  }

  consumed(bytes: number): void {
    this.#unread -= bytes;
    if (!this.#paused || this.#unread > UNREAD_BYTES / 2) return;
    this.#paused = false;
    this.#request.resume();
  }

  #takePieces(): Uint8Array | undefined {
    const pieces = this.#pieces;
    if (pieces.length === 0) return undefined;
    this.#pieces = [];
    this.#pieceBytes = 0;
    return pieces.length === 1 ? pieces[0] : joinBytes(pieces);
  }

  #flushHead(): void {
    const response = this.#response;
    if ("flushHeaders" in response) response.flushHeaders();
    else response.writeHead(response.statusCode);
  }

  #setHead(httpStatus: number, headers: Headers): void {
    const { answerHeaders } = this;
    this.#putHead(this.#response, httpStatus, answerHeaders.length === 0 ? headers : [...answerHeaders, ...headers]);
  }

  #sent(): void {
    if (!this.#over) this.#listener?.onWritable();
  }

  #closed(): void {
    if (this.#over) return;
    // A cancelled stream of node:http2 ends its writable side by itself.
    const complete = this.#finished && (this.#response as ServerResponse).writableFinished; // as in `queuedBytes`
    if (complete) {
      this.#sent();
      this.#over = true;
    } else {
      this.#over = true;
      this.#listener?.onReset("the connection was lost, or the client cancelled the call");
    }
  }
}

function lowerCased(raw: readonly string[]): string[] {
  const headers = [...raw];
  for (let at = 0; at < headers.length; at += 2) headers[at] = headers[at]!.toLowerCase();
  return headers;
}

function peerOf(socket: Socket | undefined): string {
  const { remoteAddress, remotePort } = socket ?? {};
  if (remoteAddress === undefined) return socket === undefined ? "unknown" : "unix:";
  return hostPort(remoteAddress, remotePort);
}

function flush(exchange: NodeExchange): void {
  exchange.flush();
}
