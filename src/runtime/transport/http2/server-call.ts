import { constants, type ServerHttp2Stream } from "node:http2";
import { Metadata, status } from "../../core/metadata.js";
import type { StatusObject } from "../../core/rpc-error.js";
import { type DeadlineListener, DeadlineTimer } from "../../wire/deadline-timer.js";
import { afterTrueEnd } from "../../wire/half-close.js";
import { resetCode } from "../../wire/reset-code.js";
import { resetName } from "../../wire/status-mapping.js";
import type { WireError } from "../../wire/wire-error.js";
import type { Compression, MethodServer, ServerListener, ServerStream } from "../transport.js";
import { MessageReceiver, type ReceiverEvents } from "./message-receiver.js";
import { MessageWriter, type WriterOwner } from "./message-writer.js";
import { putStatus, type RequestHead, responseHeaders } from "./server-headers.js";
import type { ResolvedServerOptions } from "./server-options.js";
import { hearServerStream, type ServerStreamOwner } from "./stream-events.js";
import type { WindowGrowth } from "./window-growth.js";

/** Node copies these and sets what is missing: whole, they keep their shape. */
const RESPONSE_OPTIONS = { endStream: false, waitForTrailers: true };

/** What came with the request. */
export interface Incoming extends RequestHead {
  readonly path: string;
  readonly metadata: Metadata;
  readonly peer: string;
  readonly answerEncoding: Compression;
  readonly window: WindowGrowth;
}

/** One call of a server: one HTTP/2 stream. */
export class ServerCall<In, OutInit>
  implements ServerStream<OutInit>, ServerStreamOwner, ReceiverEvents<In>, WriterOwner, DeadlineListener
{
  readonly path: string;
  readonly metadata: Metadata;
  readonly deadline: number;
  readonly peer: string;
  readonly #streamsRequests: boolean;
  readonly #stream: ServerHttp2Stream;
  readonly #encoding: Compression;
  readonly #listener: ServerListener<In>;
  readonly #writer: MessageWriter<OutInit>;
  readonly #receiver: MessageReceiver<In>;
  readonly #window: WindowGrowth;
  readonly #timer: DeadlineTimer | undefined;
  #attached = false;
  #trailers: StatusObject | undefined;
  #requestEnded = false;
  #over = false;

  constructor(
    stream: ServerHttp2Stream,
    incoming: Incoming,
    server: MethodServer<In, OutInit>,
    options: ResolvedServerOptions,
  ) {
    this.path = incoming.path;
    this.metadata = incoming.metadata;
    this.deadline = incoming.deadline;
    this.peer = incoming.peer;
    this.#streamsRequests = server.method.kind === "client_streaming" || server.method.kind === "bidi_streaming";
    this.#stream = stream;
    this.#encoding = incoming.answerEncoding;
    const { highWaterMark, maxSendMessageBytes } = options;
    const compression = incoming.answerEncoding;
    const outgoing = { highWaterMark, maxSendMessageBytes, compression };
    this.#writer = new MessageWriter(server.method.response, outgoing, this);
    this.#receiver = new MessageReceiver(server.method.request, options.maxReceiveMessageBytes, this);
    this.#receiver.encoding = incoming.encoding;
    this.#window = incoming.window;
    this.#timer = DeadlineTimer.start(incoming.deadline, this);
    hearServerStream(stream, this);
    this.#listener = server.accept(this);
    if (this.#over) return;
    this.#receiver.begin(stream);
  }

  sendHeader(header: Metadata): void {
    if (this.#over || this.#stream.headersSent) return;
    this.#respond(header);
  }

  write(message: OutInit): boolean {
    if (this.#over) return true;
    const more = this.#writer.write(message);
    if (!this.#attached) this.#attach();
    return more;
  }

  finish(result: StatusObject): void {
    if (this.#over) return;
    this.#settle();
    this.#answer(result);
  }

  pause(): void {
    this.#receiver.pause();
  }

  resume(): void {
    this.#receiver.resume();
  }

  /** Ends the call from this side, not by the handler's will. Only from a fresh stack. */
  abort(result: StatusObject): void {
    if (this.#over) return;
    this.#receiver.drain();
    if (this.#over) return;
    this.#settle();
    this.#listener.onCancel(result);
    // Trailers cannot overtake what waits for the client's window.
    if (this.#writer.blocked) this.#stream.close(constants.NGHTTP2_CANCEL);
    else {
      this.#writer.discard();
      this.#answer(result);
    }
  }

  /** @internal */
  onBytes(bytes: number): void {
    this.#window.received(bytes);
  }

  /** @internal */
  onMessages(batch: In[]): void {
    this.#listener.onMessages(batch);
  }

  /** @internal */
  onFault({ code, details }: WireError): void {
    this.abort({ code, details, metadata: new Metadata() });
  }

  /** @internal */
  onDrain(): void {
    if (!this.#over) this.#listener.onDrain();
  }

  /** @internal */
  onDeadline(): void {
    this.abort({ code: status.DEADLINE_EXCEEDED, details: "deadline exceeded", metadata: new Metadata() });
  }

  #respond(header: Metadata | undefined): void {
    this.#stream.respond(responseHeaders(header, this.#encoding), RESPONSE_OPTIONS);
  }

  #attach(): void {
    this.#attached = true;
    if (!this.#stream.headersSent) this.#respond(undefined);
    this.#writer.attach(this.#stream);
  }

  /** Sends the status behind what was written. */
  #answer(result: StatusObject): void {
    const stream = this.#stream;
    if (stream.destroyed || stream.closed) return;
    this.#trailers = result;
    if (!stream.headersSent) {
      stream.respond(putStatus(result, responseHeaders(undefined, "identity")), { endStream: true });
      this.#stopRequestSoon();
      return;
    }
    if (!this.#attached) this.#attach();
    this.#writer.end();
  }

  /** @internal */
  onWantTrailers(): void {
    const stream = this.#stream;
    if (this.#trailers === undefined || stream.destroyed || stream.closed) return;
    stream.sendTrailers(putStatus(this.#trailers, {}));
    this.#stopRequestSoon();
  }

  /**
   * nghttp2 drops frames that are still queued when a stream is reset: the answer has to be on its way first.
   * (`sendTrailers` and the session's write each take a setImmediate.)
   */
  #stopRequestSoon(): void {
    if (!this.#requestEnded) setImmediate(() => setImmediate(() => this.#stopRequest()));
  }

  /** The answer is complete; a client that still sends is told to stop, without harm to the answer (P15). */
  #stopRequest(): void {
    const stream = this.#stream;
    if (!this.#requestEnded && !stream.destroyed && !stream.closed) stream.close(constants.NGHTTP2_NO_ERROR);
  }

  /** @internal */
  onEnd(): void {
    const stream = this.#stream;
    if (stream.aborted || stream.closed || stream.destroyed) return;
    this.#requestEnded = true;
    if (this.#over) return;
    if (this.#streamsRequests) afterTrueEnd(this.metadata, () => this.#onHalfClose());
    else this.#onHalfClose();
  }

  #onHalfClose(): void {
    if (this.#over) return;
    if (this.#receiver.truncated) {
      const details = "the request ended within a message";
      this.abort({ code: status.INTERNAL, details, metadata: new Metadata() });
      return;
    }
    this.#listener.onHalfClose();
  }

  /** @internal */
  onClose(): void {
    this.onAborted();
  }

  /** @internal */
  onAborted(): void {
    if (this.#over) return;
    this.#receiver.drain();
    if (this.#over) return;
    this.#settle();
    const session = this.#stream.session;
    const lost = session === undefined || session.destroyed || session.closed;
    const details = lost
      ? "the connection was lost"
      : `the client reset the stream (${resetName(this.#stream.rstCode)})`;
    this.#listener.onCancel({
      code: lost ? status.CANCELLED : resetCode(this.deadline),
      details,
      metadata: new Metadata(),
    });
  }

  #settle(): void {
    this.#over = true;
    this.#timer?.clear();
    this.#receiver.stop();
  }
}
