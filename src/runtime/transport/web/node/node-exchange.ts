import type { IncomingMessage, ServerResponse } from "node:http";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { startQuietTimer, stopTimer } from "../../../core/clock.js";
import type { CallTls } from "../../transport.js";
import type { Exchange, ExchangeListener, Headers } from "../exchange.js";

/** A request of node:http, node:https, or of node:http2's compatible interface. */
export type NodeRequest = IncomingMessage | Http2ServerRequest;
/** The answer that belongs to it. */
export type NodeResponse = ServerResponse | Http2ServerResponse;

/** Bytes of a request's body that may lie unread here before the client is stopped. */
const UNREAD_BYTES = 64 * 1024;
/** What a client may still send once its answer is out, and how long; then its connection ends. */
const DRAINED_BYTES = 16 * 1024 * 1024;
const DRAIN_MS = 5000;

/** What this reads of a connection; a function of the platform gives it, so that nothing of Node is imported here. */
export type TlsFacts = (socket: TLSSocket) => CallTls;

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
  #listener: ExchangeListener | undefined;
  #unread = 0;
  #paused = false;
  /** The body's true end has come. */
  #requestEnded = false;
  #finished = false;
  #over = false;

  /** @param path What of the URL belongs to the services: without a prefix, with the query. */
  constructor(
    request: NodeRequest,
    response: NodeResponse,
    path: string,
    maxHeaderBytes: number,
    tlsFacts: TlsFacts | undefined,
  ) {
    this.#request = request;
    this.#response = response;
    this.maxHeaderBytes = maxHeaderBytes;
    this.method = request.method ?? "";
    const mark = path.indexOf("?");
    this.path = mark < 0 ? path : path.slice(0, mark);
    this.query = mark < 0 ? "" : path.slice(mark + 1);
    this.headers = lowerCased(request.rawHeaders);
    this.takesTrailers = request.httpVersionMajor >= 2;
    // Both kinds of request have a socket of node:net, or what stands for one.
    const socket = request.socket as Socket | undefined;
    this.peer = peerOf(socket);
    this.tls = socket !== undefined && "encrypted" in socket ? tlsFacts?.(socket as TLSSocket) : undefined;
    this.authority = "authority" in request ? request.authority : request.headers.host;
    response.on("drain", () => this.#listener?.onWritable());
    response.on("finish", () => this.#sent());
    response.on("close", () => this.#closed());
    response.on("error", ignore);
    request.on("error", ignore); // "close" follows
  }

  /** Whether somebody has read the body before: a body parser of a framework's. */
  get wasRead(): boolean {
    const { readableEnded, readableDidRead } = this.#request;
    return (readableEnded || readableDidRead) && this.method === "POST";
  }

  get queuedBytes(): number {
    if (this.#over) return 0;
    // Both kinds of response have these two.
    const { writableLength, writableFinished } = this.#response as ServerResponse;
    // Until it is finished something may wait that is not counted.
    return this.#finished && !writableFinished ? Math.max(1, writableLength) : writableLength;
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
    // The two kinds of response have the same method, with types of their own.
    (this.#response as ServerResponse).write(bytes);
  }

  finish(trailers: Headers | undefined): void {
    if (this.#over || this.#finished) return;
    this.#finished = true;
    if (trailers !== undefined) {
      // Only HTTP/2's has trailers here, by a method that its types lack.
      const response = this.#response as unknown as { setTrailer(name: string, value: string | string[]): void };
      for (const [name, value] of grouped(trailers)) response.setTrailer(name, value);
      // Where `end` sends the head, node:http2 sends END_STREAM with it, and no trailers.
      if (!this.#response.headersSent) this.#flushHead();
    }
    this.#response.end();
  }

  respond(httpStatus: number, headers: Headers, body: Uint8Array): void {
    if (this.#over || this.#finished) return;
    this.#finished = true;
    this.#setHead(httpStatus, headers);
    const response = this.#response as ServerResponse; // as in `send`
    // HTTP/2 says the end in another way.
    if (httpStatus !== 204 && (body.length > 0 || !this.takesTrailers))
      response.setHeader("content-length", body.length);
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
    const timer = startQuietTimer(() => socket.destroy(), DRAIN_MS, undefined);
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

  #flushHead(): void {
    const response = this.#response;
    if ("flushHeaders" in response) response.flushHeaders();
    else response.writeHead(response.statusCode);
  }

  #setHead(httpStatus: number, headers: Headers): void {
    this.#response.statusCode = httpStatus;
    // As in `send`.
    const response = this.#response as ServerResponse;
    for (const [name, value] of grouped([...this.answerHeaders, ...headers])) response.setHeader(name, value);
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
  return raw.map((one, at) => (at % 2 === 0 ? one.toLowerCase() : one));
}

/** Values by name: a header that comes several times is one with several values. */
function grouped(headers: Headers): Map<string, string | string[]> {
  const values = new Map<string, string | string[]>();
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const [name, value] = [headers[at]!, headers[at + 1]!];
    const before = values.get(name);
    values.set(name, before === undefined ? value : [before, value].flat());
  }
  return values;
}

function peerOf(socket: Socket | undefined): string {
  const { remoteAddress, remotePort } = socket ?? {};
  if (remoteAddress === undefined) return socket === undefined ? "unknown" : "unix:";
  return remoteAddress.includes(":") ? `[${remoteAddress}]:${remotePort}` : `${remoteAddress}:${remotePort}`;
}

function ignore(): void {}
