import type { Metadata } from "../../../core/metadata.js";
import { type StatusObject, statusObject } from "../../../core/rpc-error.js";
import { status } from "../../../core/status.js";
import { httpOfConnectCode } from "../../../wire/connect/codes.js";
import { connectContentType, type MessageFormat } from "../../../wire/connect/content-type.js";
import { errorToJson } from "../../../wire/connect/error-json.js";
import { putTrailerHeaders } from "../../../wire/connect/trailer-headers.js";
import { FrameBuffer } from "../../../wire/frame-buffer.js";
import { PREFIX_BYTES } from "../../../wire/message-prefix.js";
import type { Compression } from "../../transport.js";
import { CONNECT_ACCEPT_ENCODING, putAnswerMetadata } from "./dialects.js";
import type { Encodings } from "./streamed-call.js";
import { WebCall, type WebCallStart } from "./web-call.js";
import { WholeMessage } from "./whole-message.js";

const utf8 = new TextEncoder();

/**
 * A unary call of Connect: the body is the message, the trailers are headers, and the HTTP status says how it ended. So nothing of the
 * answer leaves before its end.
 *
 * @see https://connectrpc.com/docs/protocol "Unary RPCs"
 */
export class ConnectUnaryCall extends WebCall {
  readonly received: WholeMessage;
  readonly #format: MessageFormat;
  readonly #encoding: Compression;
  /** The message comes from the query, not from the body. */
  readonly #query: Uint8Array | undefined;
  #header: Metadata | undefined;
  #message: Uint8Array | undefined;

  constructor(start: WebCallStart, encodings: Encodings, query: Uint8Array | undefined) {
    super(start);
    const { method } = start;
    this.#format = encodings.format;
    this.#encoding = encodings.answer;
    this.#query = query;
    const { request } = method.codecs(encodings.format) ?? method.server.method;
    this.received = new WholeMessage(request, method.limits, encodings.request);
  }

  sendHeader(header: Metadata): void {
    if (this.over || this.#header !== undefined) return;
    const headers: string[] = [];
    putAnswerMetadata(header, headers);
    this.checkSize(headers, header, "headers");
    this.#header = header.clone();
  }

  write(message: never): boolean {
    if (this.over) return true;
    const frame = new FrameBuffer();
    try {
      this.method.framer(this.#format, this.#encoding).frame(message, frame);
      this.#message = new Uint8Array(frame.bytes.subarray(PREFIX_BYTES, frame.position)); // a copy: the block is used again
    } finally {
      frame.clear();
    }
    return true;
  }

  protected answer(result: StatusObject): void {
    if (result.code !== status.OK || this.#message === undefined) {
      this.#answerError(result.code === status.OK ? statusObject(status.INTERNAL, "no response was sent") : result);
      return;
    }
    const headers = this.#headers(result);
    const fault = this.sizeFault(headers, result.metadata, "trailers");
    if (fault !== undefined) {
      this.#answerError(fault);
      return;
    }
    headers.push("content-type", connectContentType({ format: this.#format, streaming: false }));
    headers.push("accept-encoding", CONNECT_ACCEPT_ENCODING);
    if (this.#encoding !== "identity") headers.push("content-encoding", this.#encoding);
    // A cache must keep answers of different compressions apart.
    if (this.#query !== undefined) headers.push("vary", "accept-encoding");
    this.exchange.respond(200, headers, this.#message);
  }

  protected take(bytes: Uint8Array, start: number, end: number): boolean {
    const full = this.received.add(bytes.subarray(start, end));
    this.exchange.consumed(end - start);
    return full;
  }

  protected hold(): void {}

  protected bodyEnded(): StatusObject | undefined {
    if (this.#query !== undefined && this.received.add(this.#query)) this.listener?.onReadable();
    if (this.received.end()) this.listener?.onReadable();
    return undefined;
  }

  #answerError(result: StatusObject): void {
    let answer = connectError(result, this.#headers(result));
    const fault = this.sizeFault(answer.headers, result.metadata, "trailers");
    if (fault !== undefined) answer = connectError(fault, []);
    this.exchange.respond(answer.httpStatus, answer.headers, answer.body);
  }

  #headers({ metadata }: StatusObject): string[] {
    const headers: string[] = [];
    putAnswerMetadata(this.#header, headers);
    putTrailerHeaders(metadata, headers);
    return headers;
  }
}

/** The answer that an error is, whatever the request's format: JSON, not compressed. */
export function connectError(
  result: StatusObject,
  headers: string[],
): { readonly httpStatus: number; readonly headers: string[]; readonly body: Uint8Array } {
  headers.push("content-type", "application/json");
  const body = utf8.encode(JSON.stringify(errorToJson(result)));
  return { httpStatus: httpOfConnectCode(result.code), headers, body };
}
