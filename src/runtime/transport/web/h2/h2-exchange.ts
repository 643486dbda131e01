import { ErrorCode, type HeaderList, type ResetCause, type Stream, type StreamHandler } from "../../../h2/index.js";
import { whyRequestLost } from "../../lost-request.js";
import type { CallTls } from "../../transport.js";
import type { WebConnection } from "../../web-doors.js";
import type { Exchange, ExchangeListener, Headers } from "../exchange.js";

/** One exchange on a stream of our own HTTP/2. */
export class H2Exchange implements Exchange, StreamHandler {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly authority: string | undefined;
  readonly takesTrailers: boolean = true;
  readonly tellsWhenSent: boolean = true;
  readonly answerHeaders: string[] = [];
  readonly #stream: Stream;
  readonly headers: HeaderList;
  readonly #connection: WebConnection;
  #requestEnded: boolean;
  #listener: ExchangeListener | undefined;

  constructor(stream: Stream, headers: HeaderList, requestEnded: boolean, connection: WebConnection) {
    this.#stream = stream;
    this.headers = headers;
    this.#requestEnded = requestEnded;
    this.#connection = connection;
    let target = "";
    let method = "";
    let host: string | undefined;
    for (let at = 0; at < headers.length; at += 2) {
      const value = headers[at + 1]!;
      switch (headers[at]) {
        case ":method":
          method = value;
          break;
        case ":path":
          target = value;
          break;
        case ":authority":
          host = value;
          break;
        case "host":
          host ??= value;
          break;
      }
    }
    const mark = target.indexOf("?");
    this.method = method;
    this.path = mark < 0 ? target : target.slice(0, mark);
    this.query = mark < 0 ? "" : target.slice(mark + 1);
    this.authority = host;
  }

  get peer(): string {
    return this.#connection.peer;
  }

  get tls(): CallTls | undefined {
    return this.#connection.tls;
  }

  get maxHeaderBytes(): number {
    return this.#connection.maxSendHeaderBytes;
  }

  get headerLimitOwner(): string {
    return this.#connection.headerLimitOwner;
  }

  get queuedBytes(): number {
    return this.#stream.queuedBytes;
  }

  listen(listener: ExchangeListener): void {
    this.#listener = listener;
    if (this.#requestEnded) listener.onEnd();
  }

  sendHead(httpStatus: number, headers: Headers): void {
    this.#stream.sendHeaders([":status", String(httpStatus), ...this.answerHeaders, ...headers], false);
  }

  send(bytes: Uint8Array): void {
    this.#stream.sendData(bytes, false);
  }

  finish(trailers: Headers | undefined): void {
    if (trailers === undefined) this.#stream.end();
    else this.#stream.sendHeaders([...trailers], true);
  }

  respond(httpStatus: number, headers: Headers, body: Uint8Array): void {
    const head = [":status", String(httpStatus), ...this.answerHeaders, ...headers];
    if (body.length === 0 || this.method === "HEAD") {
      this.#stream.sendHeaders(head, true);
      return;
    }
    head.push("content-length", String(body.length));
    this.#stream.sendHeaders(head, false);
    this.#stream.sendData(body, true);
  }

  dropRequest(): void {
    if (!this.#requestEnded) this.#stream.reset(ErrorCode.NO_ERROR);
  }

  abort(): void {
    this.#stream.reset(ErrorCode.CANCEL);
  }

  consumed(bytes: number): void {
    this.#stream.consumed(bytes);
  }

  /** @internal Trailers of a request have no meaning; its end has. */
  onHeaders(_headers: HeaderList, endStream: boolean): void {
    if (endStream) this.onEnd();
  }

  /** @internal */
  onHeadersTooLarge(size: number, limit: number, endStream: boolean): void {
    if (endStream) this.#requestEnded = true;
    this.#listener?.onFault(
      `the request has ${size} bytes of trailers; the limit is ${limit} bytes (maxMetadataBytes)`,
    );
  }

  /** @internal */
  onData(bytes: Uint8Array, start: number, end: number): void {
    if (this.#listener === undefined) this.#stream.consumed(end - start);
    else this.#listener.onData(bytes, start, end);
  }

  /** @internal */
  onEnd(): void {
    this.#requestEnded = true;
    this.#listener?.onEnd();
  }

  /** @internal */
  onReset(code: number, cause: ResetCause, text?: string): void {
    this.#listener?.onReset(whyRequestLost(code, cause, text, this.#connection.lost));
  }

  /** @internal */
  onWritable(): void {
    this.#listener?.onWritable();
  }
}
