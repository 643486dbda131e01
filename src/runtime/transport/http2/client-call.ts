import { type ClientHttp2Stream, constants, type IncomingHttpHeaders } from "node:http2";
import { addAbortSignal } from "node:stream";
import { Metadata, status } from "../../core/metadata.js";
import type { AnyMethod, Method } from "../../core/method.js";
import type { StatusObject } from "../../core/rpc-error.js";
import { codeAtDeadline } from "../../wire/at-deadline.js";
import { parseEncoding } from "../../wire/compression.js";
import { type DeadlineListener, DeadlineTimer } from "../../wire/deadline-timer.js";
import { headerValue, readMetadata } from "../../wire/metadata-headers.js";
import { resetName, statusOfReset } from "../../wire/status-mapping.js";
import type { WireError } from "../../wire/wire-error.js";
import type { ClientListener, ClientStream, StartOptions } from "../transport.js";
import type { Connection } from "./connection.js";
import { MessageReceiver, type ReceiverEvents } from "./message-receiver.js";
import { MessageWriter, type WriterOptions, type WriterOwner } from "./message-writer.js";
import type { ResolvedLimits } from "./options.js";
import type { CallHost, PendingCall } from "./pending-call.js";
import { ReplayBuffer } from "./replay-buffer.js";
import { requestHeaders } from "./request-headers.js";
import { responseFault, sizeFault, statusOfTrailers } from "./response-headers.js";
import { type ClientStreamOwner, hearClientStream } from "./stream-events.js";

/** What aborts a stream: one signal for all, so that a call that is never cancelled costs none. */
const ABORTED = AbortSignal.abort(Symbol("reset"));

/** One call of a client: first without a connection, then as one HTTP/2 stream. */
export class ClientCall<InInit, Out>
  implements ClientStream<InInit>, PendingCall, ClientStreamOwner, ReceiverEvents<Out>, WriterOwner, DeadlineListener
{
  readonly method: Method<AnyMethod["kind"], unknown, InInit, Out, never>;
  readonly options: StartOptions;
  readonly #listener: ClientListener<Out>;
  readonly #limits: ResolvedLimits;
  readonly #host: CallHost;
  readonly #replay = new ReplayBuffer();
  #writer: MessageWriter<InInit>;
  readonly #receiver: MessageReceiver<Out>;
  readonly #deadline: DeadlineTimer | undefined;
  #connection: Connection | undefined;
  #stream: ClientHttp2Stream | undefined;
  #heardBefore = 0;
  #responseEnded = false;
  #over = false;

  constructor(
    method: Method<AnyMethod["kind"], unknown, InInit, Out, never>,
    options: StartOptions,
    listener: ClientListener<Out>,
    limits: ResolvedLimits,
    host: CallHost,
  ) {
    this.method = method;
    this.options = options;
    this.#listener = listener;
    this.#limits = limits;
    this.#host = host;
    this.#writer = new MessageWriter(method.request, this.#writerOptions(this.#replay), this);
    this.#receiver = new MessageReceiver(method.response, limits.maxReceiveMessageBytes, this);
    this.#deadline = DeadlineTimer.start(options.deadline, this);
  }

  get peer(): string {
    return this.#connection?.peer ?? "unknown";
  }

  get over(): boolean {
    return this.#over;
  }

  begin(connection: Connection): void {
    const stream = connection.request(requestHeaders(this.method.path, this.options, connection));
    this.#connection = connection;
    this.#heardBefore = connection.heard;
    this.#stream = stream;
    hearClientStream(stream, this);
    this.#writer.attach(stream);
  }

  write(message: InInit): boolean {
    return this.#writer.write(message);
  }

  closeSend(): void {
    this.#writer.end();
  }

  cancel(code: status, details: string): void {
    if (this.#over) return;
    this.#settle();
    this.#reset();
    process.nextTick(() => {
      this.#receiver.drain();
      this.#receiver.stop();
      this.#listener.onStatus({ code, details, metadata: new Metadata() });
    });
  }

  pause(): void {
    this.#receiver.pause();
  }

  resume(): void {
    this.#receiver.resume();
  }

  fail(code: status, details: string): void {
    this.#end({ code, details, metadata: new Metadata() });
  }

  /** @internal */
  onDeadline(): void {
    this.#receiver.drain();
    if (this.#connection?.heard === this.#heardBefore) this.#connection.doubt();
    this.fail(status.DEADLINE_EXCEEDED, "deadline exceeded");
  }

  /** @internal Bytes, or a response: a sign of life of the server. */
  onBytes(): void {
    if (this.#connection !== undefined) this.#connection.heard++;
  }

  /** @internal */
  onMessages(batch: Out[]): void {
    this.#listener.onMessages(batch);
  }

  /** @internal */
  onFault(fault: WireError): void {
    this.fail(fault.code, fault.details);
  }

  /** @internal */
  onDrain(): void {
    if (!this.#over) this.#listener.onDrain();
  }

  /** @internal */
  onResponse(headers: IncomingHttpHeaders, flags: number, raw: string[] | undefined): void {
    this.onBytes();
    if (this.#over) return;
    this.#replay.drop();
    const fault = responseFault(headers) ?? sizeFault(headers, raw, this.#limits.maxMetadataBytes);
    if (fault !== undefined) {
      this.fail(fault.code, fault.details);
      return;
    }
    if ((flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0) {
      this.onTrailers(headers, raw);
      return;
    }
    const encoding = parseEncoding(headerValue(headers, "grpc-encoding"));
    if (encoding === undefined) {
      this.fail(status.INTERNAL, `the server answers in an unknown grpc-encoding: ${headers["grpc-encoding"]}`);
      return;
    }
    this.#receiver.encoding = encoding;
    this.#listener.onHeader(readMetadata(headers, raw));
    if (!this.#over && this.#stream !== undefined) this.#receiver.begin(this.#stream);
  }

  /** @internal */
  onTrailers(headers: IncomingHttpHeaders, raw: string[] | undefined): void {
    if (this.#over) return;
    this.#responseEnded = true;
    this.#receiver.drain();
    if (this.#over) return;
    const fault = sizeFault(headers, raw, this.#limits.maxMetadataBytes);
    if (fault !== undefined) {
      this.fail(fault.code, fault.details);
      return;
    }
    if (this.#receiver.truncated) {
      this.fail(status.INTERNAL, "the response ended within a message");
      return;
    }
    this.#end(statusOfTrailers(headers, raw));
  }

  /** @internal */
  onEnd(): void {
    const stream = this.#stream;
    if (this.#over || stream === undefined || stream.destroyed || stream.rstCode !== 0) return;
    this.fail(status.INTERNAL, "the server ended the stream without a status");
  }

  /** @internal */
  onClose(): void {
    this.#connection?.release();
    if (this.#over) return;
    const lost = this.#connection?.lost;
    const code = this.#stream?.rstCode ?? 0;
    if (code === constants.NGHTTP2_REFUSED_STREAM && lost === undefined && this.#prepareAgain()) {
      this.#host.callRefused(this);
      return;
    }
    this.#receiver.drain();
    if (this.#over) return;
    this.#end({
      code: lost === undefined ? codeAtDeadline(statusOfReset(code), this.options.deadline) : status.UNAVAILABLE,
      details: lost ?? `the server reset the stream (${resetName(code)})`,
      metadata: new Metadata(),
    });
  }

  /**
   * A stream that is refused, or left out by a GOAWAY, was not processed: the call may be sent again, once, without
   * anybody's asking (gRFC A6, "transparent retries").
   */
  #prepareAgain(): boolean {
    const writer = this.#writer.again(this.#writerOptions(undefined));
    if (writer === undefined) return false;
    this.#writer = writer;
    this.#stream = undefined;
    this.#connection = undefined;
    return true;
  }

  #writerOptions(replay: ReplayBuffer | undefined): WriterOptions {
    const { highWaterMark, compression } = this.options;
    return { highWaterMark, maxSendMessageBytes: this.#limits.maxSendMessageBytes, compression, replay };
  }

  #end(result: StatusObject): void {
    if (this.#over) return;
    this.#settle();
    this.#receiver.stop();
    this.#reset();
    this.#listener.onStatus(result);
  }

  #settle(): void {
    this.#over = true;
    this.#deadline?.clear();
    this.#writer.close();
    this.#host.callOver(this);
  }

  /**
   * Resets the stream unless both sides have ended it (or it is not there yet). An abort sends RST_STREAM(CANCEL) alone;
   * `stream.close()` would send an END_STREAM before it, which a server takes for the end of an upload (P6).
   */
  #reset(): void {
    const stream = this.#stream;
    if (stream === undefined || stream.closed) return;
    if (this.#responseEnded && stream.writableFinished) return;
    if (!stream.pending) this.#connection?.noteReset();
    addAbortSignal(ABORTED, stream);
  }
}
