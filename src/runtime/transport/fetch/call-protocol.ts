import type { StartOptions } from "../transport.js";
import type { HttpHead, ResponseHead } from "./response-head.js";

/** What fetch is asked for. */
export interface HttpRequest {
  readonly method: "GET" | "POST";
  readonly url: string;
  /** Name, value, name, value, … */
  readonly headers: readonly string[];
  readonly body: Uint8Array | ReadableStream<Uint8Array> | undefined;
}

/** How the calls of one method are written as HTTP: Connect or gRPC-Web, one message or many. No state of a call. */
export interface CallProtocol {
  /** The request of a call that sends one message. `frame` is that message behind its prefix of five bytes. */
  single(frame: Uint8Array, options: StartOptions): Promise<HttpRequest>;
  /** The request of a call that streams messages; `body` holds them behind their prefixes, compressed as asked. */
  streaming(body: ReadableStream<Uint8Array>, options: StartOptions): HttpRequest;
  /** What the head of the response says. */
  head(response: HttpHead): ResponseHead;
}
