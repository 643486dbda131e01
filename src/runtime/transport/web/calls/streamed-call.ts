import { joinBytes } from "../../../core/bytes.js";
import type { Metadata } from "../../../core/metadata.js";
import { type StatusObject, statusObject } from "../../../core/rpc-error.js";
import { status } from "../../../core/status.js";
import type { MessageFormat } from "../../../wire/connect/content-type.js";
import { Deframer } from "../../../wire/deframer.js";
import { FrameBuffer } from "../../../wire/frame-buffer.js";
import { encodeText, TextDecoding } from "../../../wire/grpc-web/base64-text.js";
import { MessageDecoder } from "../../../wire/message-decoder.js";
import type { MessageFramer } from "../../../wire/message-framer.js";
import { PREFIX_BYTES, putPrefix } from "../../../wire/message-prefix.js";
import type { Compression } from "../../transport.js";
import type { Dialect } from "./dialect.js";
import { WebCall, type WebCallStart } from "./web-call.js";

const NO_BYTES = new Uint8Array(0);

/** How the messages of a call are written. */
export interface Encodings {
  readonly format: MessageFormat;
  readonly request: Compression;
  readonly answer: Compression;
}

/** A call of enveloped messages: gRPC-Web, Connect's streams, and gRPC where the exchange has trailers. */
export class StreamedCall extends WebCall {
  readonly received: Deframer<unknown>;
  readonly #dialect: Dialect;
  readonly #framer: MessageFramer<never>;
  readonly #encoding: Compression;
  /** One message at most, and a status that is part of the body. */
  readonly #holdsMessage: boolean;
  readonly #text: TextDecoding | undefined;
  /** Characters of base64 beyond the bytes they stand for, of which the exchange does not know yet; below zero inside of a group. */
  #added = 0;
  #headSent = false;
  /** The single message of an answer in envelopes: it leaves with the status, as one body of known length. */
  #held: Uint8Array | undefined;

  constructor(start: WebCallStart, encodings: Encodings, dialect: Dialect) {
    super(start);
    const { method } = start;
    this.#dialect = dialect;
    this.#encoding = encodings.answer;
    this.#framer = method.framer(encodings.format, encodings.answer);
    this.#holdsMessage = !method.streamsResponses && !dialect.trailers;
    this.#text = dialect.text ? new TextDecoding() : undefined;
    const { request } = method.codecs(encodings.format) ?? method.server.method;
    this.received = new Deframer(new MessageDecoder(request, method.limits), this);
    if (encodings.request !== "identity") this.received.encoding = encodings.request;
  }

  sendHeader(header: Metadata): void {
    if (this.over || this.#headSent || this.#held !== undefined) return; // it leaves before messages or not at all
    const head = this.#dialect.head(header, this.#encoding);
    this.checkSize(head, header, "headers");
    this.#headSent = true;
    this.exchange.sendHead(200, head, true);
  }

  write(message: never): boolean {
    if (this.over) return true;
    const frame = new FrameBuffer();
    let bytes: Uint8Array;
    try {
      this.#framer.frame(message, frame);
      bytes = new Uint8Array(frame.bytes.subarray(0, frame.position)); // a copy: the block is used again
    } finally {
      frame.clear();
    }
    if (!this.#headSent) {
      if (this.#holdsMessage) {
        this.#held = bytes;
        return true;
      }
      this.#beginAnswer();
    }
    this.#send(bytes);
    return this.hasRoom();
  }

  protected answer(result: StatusObject): void {
    const limit = this.exchange.maxHeaderBytes;
    let end = this.#dialect.end(result, limit);
    if ("trailers" in end) {
      const fault = this.sizeFault(end.trailers, result.metadata, "trailers");
      if (fault !== undefined) end = this.#dialect.end(fault, limit);
    }
    if ("trailers" in end) {
      if (this.#headSent) this.exchange.finish(end.trailers);
      // Header and trailers in one (gRPC over HTTP/2, "Trailers-Only").
      else this.exchange.respond(200, [...this.#dialect.head(undefined, "identity"), ...end.trailers], NO_BYTES);
      return;
    }
    const frame = new Uint8Array(PREFIX_BYTES + end.body.length);
    putPrefix(frame, 0, end.flag, end.body.length);
    frame.set(end.body, PREFIX_BYTES);
    if (this.#headSent) {
      this.#send(frame);
      this.exchange.finish(undefined);
      return;
    }
    const held = this.#held;
    const body = held === undefined ? frame : joinBytes([held, frame]);
    this.exchange.respond(200, this.#dialect.head(undefined, this.#encoding), this.#encoded(body));
  }

  protected take(bytes: Uint8Array, start: number, end: number): boolean {
    if (this.#text === undefined) return this.received.push(bytes, start, end);
    const decoded = this.#text.decode(bytes.subarray(start, end));
    // What base64 adds is done with; the deframer tells of the rest.
    this.#added += end - start - decoded.length;
    if (this.#added > 0) {
      this.exchange.consumed(this.#added);
      this.#added = 0;
    }
    return this.received.push(decoded, 0, decoded.length);
  }

  protected hold(): void {
    this.received.hold();
  }

  protected bodyEnded(): StatusObject | undefined {
    if (this.#text?.malformed === true) return statusObject(status.INTERNAL, "the request's body is not base64");
    if (!this.received.truncated && this.#text?.truncated !== true) return undefined;
    return statusObject(status.INTERNAL, "the request ended within a message");
  }

  #beginAnswer(): void {
    this.#headSent = true;
    this.exchange.sendHead(200, this.#dialect.head(undefined, this.#encoding), false);
  }

  #send(bytes: Uint8Array): void {
    this.exchange.send(this.#encoded(bytes));
  }

  #encoded(bytes: Uint8Array): Uint8Array {
    return this.#text === undefined ? bytes : encodeText(bytes);
  }
}
