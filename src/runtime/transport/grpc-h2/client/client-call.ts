import { monotonicMs } from "../../../core/clock.js";
import type { ByteSink } from "../../../core/codec.js";
import type { AnyMethod } from "../../../core/method.js";
import { type StatusObject, statusObject } from "../../../core/rpc-error.js";
import type { status } from "../../../core/status.js";
import * as Code from "../../../core/status-code.js";
import { soon } from "../../../core/turn.js";
import { ErrorCode, type ResetCause, type Stream } from "../../../h2/index.js";
import { statusAtDeadline, statusOfBrokenAnswer } from "../../../wire/deadline-code.js";
import { type DeadlineBucket, type DeadlineEntry, deadlines } from "../../../wire/deadline-queue.js";
import { type Consumer, Deframer } from "../../../wire/deframer.js";
import { FrameBuffer } from "../../../wire/frame-buffer.js";
import type { MessageFramer } from "../../../wire/message-framer.js";
import { type HeaderList, readMetadata } from "../../../wire/metadata-headers.js";
import { statusOfTrailers } from "../../../wire/trailers.js";
import type { CallConnection, ClientListener, ClientStream, MessageRun, StartOptions } from "../../transport.js";
import { writeRun } from "../write-run.js";
import type { ClientMethod } from "./client-method.js";
import { isUnprocessed, statusOfLostStream } from "./lost-stream.js";
import type { CallConnection as BegunOn, CallHost, PendingCall } from "./pending-call.js";
import { RequestLog } from "./request-log.js";
import { isInterim, responseEncoding, responseFault } from "./response-headers.js";

/** A call that has sent more than this is not sent again. */
const MAX_REPLAY_BYTES = 64 * 1024;

/** Where messages are framed that have no stream yet. */
const early = new FrameBuffer();

/** How far a call has come: it has no stream (yet, or again); its headers are sent; the response's came; all of it came. */
const Phase = { Waiting: 0, Sent: 1, Responded: 2, Complete: 3 } as const;
type Phase = (typeof Phase)[keyof typeof Phase];

/** One call of a client: first without a connection, then as one HTTP/2 stream. */
export class ClientCall<InInit, Out> implements ClientStream<InInit, Out>, PendingCall, Consumer, DeadlineEntry {
  /** Of a call that was refused, with the server that did so among the `tried`. */
  options: StartOptions;
  readonly quiet: boolean;
  readonly received: Deframer<Out>;
  readonly deadline: number;
  next: PendingCall | undefined = undefined;
  previous: PendingCall | undefined = undefined;
  list: object | undefined = undefined;
  deadlineBucket: DeadlineBucket | undefined = undefined;
  laterDeadline: DeadlineEntry | undefined = undefined;
  earlierDeadline: DeadlineEntry | undefined = undefined;
  readonly #method: ClientMethod<InInit, Out>;
  readonly #framer: MessageFramer<InInit>;
  readonly #listener: ClientListener;
  readonly #host: CallHost;
  #connection: BegunOn | undefined = undefined;
  #stream: Stream | undefined = undefined;
  /** What was sent, while there is no stream or the call may be refused; undefined where nothing was. */
  #log: RequestLog | undefined = undefined;
  /** Whether {@link #log} is all that was sent, and the call may begin again. */
  #replayable = true;
  #phase: Phase = Phase.Waiting;
  #ended = false;
  /** A message came in this read. */
  #arrived = false;
  #wantsDrain = false;
  #over = false;
  /** When the call started, and began on its connection; only where there is a deadline. */
  #startedAt = 0;
  #beganAt = 0;
  /** The status that the listener is about to be told. */
  #result: StatusObject | undefined = undefined;

  constructor(
    method: ClientMethod<InInit, Out>,
    options: StartOptions,
    listener: ClientListener,
    host: CallHost,
    quiet = false,
  ) {
    this.options = options;
    this.quiet = quiet;
    this.deadline = options.deadline;
    this.#method = method;
    this.#framer = method.framer(options.compression);
    this.#listener = listener;
    this.#host = host;
    this.received = new Deframer(method.decoder, this);
    if (options.deadline !== Number.POSITIVE_INFINITY) {
      this.#startedAt = monotonicMs();
      deadlines.add(this);
    }
  }

  get method(): AnyMethod {
    return this.#method.method as AnyMethod; // what it sends and gives is of no matter to who asks
  }

  get peer(): string {
    return this.#connection?.peer ?? "unknown";
  }

  get connection(): CallConnection | undefined {
    const connection = this.#connection;
    if (connection === undefined) return undefined;
    const { peer, server, tls } = connection;
    return { peer, authority: this.#host.authority, server, tls };
  }

  begin(connection: BegunOn): void {
    const headers = this.#method.headers.of(this.options);
    const limit = connection.maxSendHeaderBytes;
    if (headers.size > limit) {
      const details = `the request's headers have ${headers.size} bytes; the limit is ${limit} bytes ${connection.headerLimitOwner}`;
      this.failSoon(Code.RESOURCE_EXHAUSTED, details);
      return;
    }
    this.#connection = connection;
    this.#phase = Phase.Sent;
    if (this.deadline !== Number.POSITIVE_INFINITY) this.#beganAt = monotonicMs();
    const stream = connection.request(headers.list, this);
    this.#stream = stream;
    this.#sendLog(stream);
  }

  write(message: InInit): boolean {
    if (this.#over) return false; // the status is on its way, and who sends waits for it
    const stream = this.#stream;
    if (stream === undefined) {
      this.#framer.frame(message, early);
      this.#log ??= new RequestLog();
      this.#log.add(early.bytes, 0, early.position);
      early.clear();
      return this.#mayGoOn(this.#log.size);
    }
    const sink = stream.beginData();
    const start = sink.position;
    try {
      this.#framer.frame(message, sink);
    } catch (error) {
      stream.abandonData();
      throw error;
    }
    if (this.#replayable) this.#keep(sink, start);
    stream.endData(false);
    return this.#mayGoOn(stream.queuedBytes);
  }

  writeRun(run: MessageRun<InInit>): boolean {
    const stream = this.#stream;
    if (this.#over || stream === undefined) return this.write(run.messages[run.at++]!);
    writeRun(stream, this.#framer, run, this.#replayable ? (sink, start) => this.#keep(sink, start) : undefined);
    return this.#mayGoOn(stream.queuedBytes);
  }

  closeSend(): void {
    if (this.#over || this.#ended) return;
    this.#ended = true;
    this.#stream?.end();
  }

  cancel(code: status, details: string): void {
    this.failSoon(code, details);
  }

  fail(code: status, details: string): void {
    this.#end(statusObject(code, details));
  }

  failSoon(code: status, details: string): void {
    if (this.#over) return;
    this.#settle(code);
    this.#result = statusObject(code, details);
    soon(tellResult, this);
  }

  /** @internal */
  tellResult(): void {
    if (this.#result !== undefined) this.#listener.onStatus(this.#result);
  }

  /** @internal */
  onDeadline(): void {
    const waitedFor = this.#waitedFor();
    if (this.#connection !== undefined) this.#connection.doubt(this.#beganAt);
    const ms = Math.round(this.deadline - this.#startedAt);
    this.fail(Code.DEADLINE_EXCEEDED, `deadline exceeded after ${ms} ms, waiting for ${waitedFor}`);
  }

  /** @internal */
  onConsumed(bytes: number): void {
    this.#stream?.consumed(bytes);
  }

  /** @internal */
  onWritable(): void {
    const stream = this.#stream;
    if (!this.#wantsDrain || this.#over || stream === undefined) return;
    if (stream.queuedBytes > this.options.highWaterMark / 2) return;
    this.#wantsDrain = false;
    soon(drainOf, this); // bytes may have gone out inside of somebody's `write`
  }

  /** @internal */
  drained(): void {
    if (!this.#over) this.#listener.onDrain();
  }

  /** @internal */
  onHeaders(headers: HeaderList, endStream: boolean): void {
    if (this.#over) return;
    if (this.#phase === Phase.Responded) {
      this.#onTrailers(headers);
      return;
    }
    if (!endStream && isInterim(headers)) return;
    this.#phase = Phase.Responded;
    this.#replayable = false;
    this.#log = undefined;
    this.#connection?.noteCarried();
    const fault = responseFault(headers);
    if (fault !== undefined) {
      this.#end(statusAtDeadline(fault, this.deadline));
      return;
    }
    if (endStream) {
      this.#onTrailers(headers);
      return;
    }
    const encoding = responseEncoding(headers);
    if (typeof encoding !== "string") {
      this.#end(encoding);
      return;
    }
    if (encoding !== "identity") this.received.encoding = encoding;
    this.#listener.onHeader(readMetadata(headers));
  }

  /** @internal */
  onHeadersTooLarge(size: number, limit: number): void {
    const details = `the server sent ${size} bytes of metadata; the limit is ${limit} bytes (maxMetadataBytes)`;
    this.fail(Code.RESOURCE_EXHAUSTED, details);
  }

  /** @internal */
  onData(bytes: Uint8Array, start: number, end: number): void {
    if (this.#over) {
      this.#stream?.consumed(end - start);
      return;
    }
    if (this.received.push(bytes, start, end)) this.#arrived = true;
  }

  /** @internal */
  onDataRead(): void {
    if (this.#arrived) {
      this.#arrived = false;
      this.#listener.onReadable();
    }
    this.received.hold();
  }

  /** @internal */
  onEnd(): void {
    const result = statusObject(Code.INTERNAL, "the server ended the stream without a status");
    this.#end(statusOfBrokenAnswer(result, this.deadline));
  }

  /** @internal */
  onReset(code: number, cause: ResetCause, text?: string): void {
    if (this.#over) return;
    const unprocessed = isUnprocessed(code, cause);
    if (unprocessed) this.#connection?.noteRefused();
    else this.#connection?.noteCarried();
    const { peer } = this;
    if (unprocessed && this.#prepareAgain()) {
      const reason = cause === "peer" ? "the server refused the stream" : "the connection's end came first";
      this.#host.news?.retry(this.#method.method.path, peer, reason);
      this.#host.callRefused(this);
      return;
    }
    this.#end(statusOfLostStream(code, cause, text, this.#connection?.lost, this.deadline));
  }

  #onTrailers(headers: HeaderList): void {
    this.#phase = Phase.Complete;
    if (this.received.truncated) this.fail(Code.INTERNAL, "the response ended within a message");
    else this.#end(statusAtDeadline(statusOfTrailers(headers), this.deadline));
  }

  /** Sends what was written before there was a stream. */
  #sendLog(stream: Stream): void {
    const log = this.#log;
    if (log !== undefined && log.size > 0) {
      log.writeTo(stream.beginData());
      stream.endData(this.#ended);
      if (log.size > MAX_REPLAY_BYTES) this.#replayable = false;
    } else if (this.#ended) {
      stream.end();
    }
    if (!this.#replayable) this.#log = undefined;
    this.onWritable();
  }

  /** A copy of a message that goes out, while it may have to go out again. */
  #keep(sink: ByteSink, start: number): void {
    this.#log ??= new RequestLog();
    if (this.#log.size + sink.position - start <= MAX_REPLAY_BYTES) {
      this.#log.add(sink.bytes, start, sink.position);
      return;
    }
    this.#replayable = false;
    this.#log = undefined;
  }

  #mayGoOn(waiting: number): boolean {
    if (waiting <= this.options.highWaterMark) return true;
    this.#wantsDrain = true;
    return false;
  }

  /**
   * A stream that is refused, or left out by a GOAWAY, was not processed: the call may be sent again, once, without
   * anybody's asking (gRFC A6, "transparent retries"); to another server, where there is one.
   */
  #prepareAgain(): boolean {
    if (!this.#replayable) return false;
    this.#replayable = false;
    const server = this.#connection?.server;
    if (server !== undefined) {
      this.options = { ...this.options, tried: new Set(this.options.tried).add(server) };
    }
    this.#connection?.release(this);
    this.#connection = undefined;
    this.#stream = undefined;
    this.#phase = Phase.Waiting;
    return true;
  }

  #waitedFor(): string {
    switch (this.#phase) {
      case Phase.Waiting:
        return this.#host.waitingFor;
      case Phase.Sent:
        return `the response of ${this.peer}`;
      default:
        return `more of the response of ${this.peer}`;
    }
  }

  #end(result: StatusObject): void {
    if (this.#over) return;
    this.#settle(result.code);
    this.#listener.onStatus(result);
  }

  #settle(code: status): void {
    this.#over = true;
    this.#host.noteEnd(code);
    this.#connection?.noteEnd(code, this.#host);
    this.#log = undefined;
    deadlines.remove(this);
    const connection = this.#connection;
    const stream = this.#stream;
    if (connection === undefined || stream === undefined) {
      this.#host.callOver(this);
      return;
    }
    if (this.#phase === Phase.Complete && stream.queuedBytes === 0) {
      // Answered before the request had ended: an end does for that what a reset does, and nobody counts it as one.
      stream.end();
    } else if (!stream.closed) {
      connection.noteReset();
      stream.reset(ErrorCode.CANCEL);
    }
    connection.release(this);
  }
}

function drainOf(call: ClientCall<never, unknown>): void {
  call.drained();
}

function tellResult(call: ClientCall<never, unknown>): void {
  call.tellResult();
}
