import type { CallTls } from "../transport.js";

/** Names in lower case and values, one behind the other. */
export type Headers = readonly string[];

/**
 * One HTTP request and its answer, as bytes: what HTTP/2 of our own, node:http and fetch have in common. Once it is over, every method
 * does nothing.
 */
export interface Exchange {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** Without the `?`. */
  readonly query: string;
  readonly headers: Headers;
  /** `address:port` of the client; "unknown" where the host does not report it. */
  readonly peer: string;
  readonly tls: CallTls | undefined;
  /** The server's name as the client called it. */
  readonly authority: string | undefined;
  /** Whether the answer may have trailers, which gRPC itself needs. */
  readonly takesTrailers: boolean;
  /** The largest block of headers, and of trailers, that may be sent, as HTTP/2 counts it; and whose limit that is, for error texts. */
  readonly maxHeaderBytes: number;
  readonly headerLimitOwner: string;
  /** Bytes of the answer that wait on this side. */
  readonly queuedBytes: number;
  /** Whether `onWritable` follows when those have gone out. Node is silent about less than its own high-water mark. */
  readonly tellsWhenSent: boolean;
  /** Headers of every answer: CORS's. To be filled in before the answer begins. */
  readonly answerHeaders: string[];

  /** From now on the listener hears of the request's body; never from within this call, but for the end of a body that is none. */
  listen(listener: ExchangeListener): void;
  /** @param alone Nothing of the body follows at once. */
  sendHead(httpStatus: number, headers: Headers, alone: boolean): void;
  /** Sends bytes of the body. The caller must not modify them afterwards. */
  send(bytes: Uint8Array): void;
  /** Ends the answer; trailers only where they are taken. */
  finish(trailers: Headers | undefined): void;
  /** The whole answer. */
  respond(httpStatus: number, headers: Headers, body: Uint8Array): void;
  /** The answer is out: what the client still sends is not wanted. */
  dropRequest(): void;
  /** Breaks the answer off, so that the client sees no true end. */
  abort(): void;
  /** So many bytes of the body are done with: the client may send as many more. */
  consumed(bytes: number): void;
}

/** The listener of one exchange. Its methods do not throw. */
export interface ExchangeListener {
  /** Bytes of the body; they may be written again once this returns. */
  onData(bytes: Uint8Array, start: number, end: number): void;
  /** The true end of the body. */
  onEnd(): void;
  /** Bytes went out: `queuedBytes` is less than before. */
  onWritable(): void;
  /** It is over before its end; `why` is for people. */
  onReset(why: string): void;
  /** The request is malformed below the protocol: it is over, and can be answered. */
  onFault(why: string): void;
}
