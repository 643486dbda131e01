import type { Metadata } from "../../../core/metadata.js";
import { RpcError, type StatusObject, statusObject } from "../../../core/rpc-error.js";
import { status } from "../../../core/status.js";
import { soon } from "../../../core/turn.js";
import { ErrorCode, type ResetCause, type Stream, type StreamHandler } from "../../../h2/index.js";
import { answerTooLarge } from "../../../wire/answer-size.js";
import { codeOfClientReset } from "../../../wire/deadline-code.js";
import { type DeadlineBucket, type DeadlineEntry, deadlines } from "../../../wire/deadline-queue.js";
import { type Consumer, Deframer } from "../../../wire/deframer.js";
import type { MessageFramer } from "../../../wire/message-framer.js";
import { type HeaderList, readMetadata } from "../../../wire/metadata-headers.js";
import { whyRequestLost } from "../../lost-request.js";
import type {
  CallConnection,
  CallTls,
  Compression,
  MessageRun,
  ServerListener,
  ServerStream,
} from "../../transport.js";
import type { HostedCall } from "../../web-doors.js";
import { writeRun } from "../write-run.js";
import { afterGrace } from "./half-close.js";
import { authorityOf } from "./request-head.js";
import { responseHeaders, trailersOf } from "./response-headers.js";
import type { ServerMethod } from "./server-method.js";
import type { ResolvedServerOptions } from "./server-options.js";

/** A connection as the calls on it see it. */
export interface ServingConnection {
  readonly options: ResolvedServerOptions;
  /** `address:port` of the client. */
  readonly peer: string;
  /** What TLS says of the client. */
  readonly tls: CallTls | undefined;
  /** What stands in the metadata of every call, in place of what the client sends. */
  readonly metadata: Metadata | undefined;
  /** Why it is gone, where that is known. */
  readonly lost: string | undefined;
  /** Whether more answers wait on this side than may (P9). */
  readonly hasTooMuchUnsent: boolean;
  /** How large a block of headers may be sent, and whose limit that is. */
  readonly maxSendHeaderBytes: number;
  readonly headerLimitOwner: string;
  /** A call has its status. */
  callOver(call: ServerCall, code: status): void;
  /** Neither a call's stream nor its handler is there any more. */
  callLeft(): void;
}

/** What came with the request, beside its headers. */
export interface Incoming {
  readonly path: string;
  readonly deadline: number;
  readonly encoding: Compression;
  readonly answerEncoding: Compression;
  /** A half-close of this client may be the beginning of a cancel. */
  readonly halfCloseSuspect: boolean;
}

/** One call of a server: one HTTP/2 stream. */
export class ServerCall implements ServerStream<unknown, never>, HostedCall, StreamHandler, Consumer, DeadlineEntry {
  readonly path: string;
  readonly deadline: number;
  readonly received: Deframer<unknown>;
  next: HostedCall | undefined = undefined;
  previous: HostedCall | undefined = undefined;
  list: object | undefined = undefined;
  deadlineBucket: DeadlineBucket | undefined = undefined;
  laterDeadline: DeadlineEntry | undefined = undefined;
  earlierDeadline: DeadlineEntry | undefined = undefined;
  readonly #stream: Stream;
  readonly #connection: ServingConnection;
  readonly #method: ServerMethod;
  readonly #framer: MessageFramer<never>;
  readonly #answerEncoding: Compression;
  readonly #halfCloseSuspect: boolean;
  #listener: ServerListener | undefined = undefined;
  /** The request's headers, until the metadata is read. */
  #headers: HeaderList | undefined;
  #metadata: Metadata | undefined = undefined;
  #authority: string | undefined = undefined;
  #headerSent = false;
  /** A message came in this read. */
  #arrived = false;
  #wantsDrain = false;
  #requestEnded: boolean;
  #halfCloseTold = false;
  /** The call has its status; there may be bytes of its answer on this side. */
  #over = false;
  #handlerDone = false;
  /** Nothing of it can go out any more. */
  #streamOver = false;
  #left = false;

  constructor(
    stream: Stream,
    headers: HeaderList,
    requestEnded: boolean,
    incoming: Incoming,
    method: ServerMethod,
    connection: ServingConnection,
  ) {
    this.path = incoming.path;
    this.deadline = incoming.deadline;
    this.#stream = stream;
    this.#headers = headers;
    this.#requestEnded = requestEnded;
    this.#connection = connection;
    this.#method = method;
    this.#framer = method.framer(incoming.answerEncoding);
    this.#answerEncoding = incoming.answerEncoding;
    this.#halfCloseSuspect = incoming.halfCloseSuspect && method.streamsRequests;
    this.received = new Deframer(method.decoder, this);
    if (incoming.encoding !== "identity") this.received.encoding = incoming.encoding;
    if (incoming.deadline !== Number.POSITIVE_INFINITY) deadlines.add(this);
  }

  /** Lets the method's server take the call. */
  begin(): void {
    this.#listener = this.#method.server.accept(this);
    if (this.#requestEnded) this.#onRequestEnd();
  }

  get metadata(): Metadata {
    if (this.#metadata === undefined) {
      const headers = this.#headers ?? [];
      this.#metadata = readMetadata(headers);
      if (this.#connection.metadata !== undefined) replaceIn(this.#metadata, this.#connection.metadata);
      this.#authority = authorityOf(headers);
      this.#headers = undefined;
    }
    return this.#metadata;
  }

  get connection(): CallConnection {
    const { peer, tls } = this.#connection;
    return { peer, tls, authority: this.#authority ?? authorityOf(this.#headers ?? []) };
  }

  get peer(): string {
    return this.#connection.peer;
  }

  sendHeader(header: Metadata): void {
    if (this.#over || this.#headerSent) return;
    const headers = responseHeaders(header, this.#answerEncoding);
    const fault = this.#sizeFault(headers, header, "headers");
    if (fault !== undefined) throw new RpcError(fault.code, fault.details);
    this.#headerSent = true;
    this.#stream.sendHeaders(headers, false);
  }

  write(message: never): boolean {
    if (this.#over) return true;
    const stream = this.#stream;
    if (!this.#headerSent) {
      this.#headerSent = true;
      stream.sendHeaders(responseHeaders(undefined, this.#answerEncoding), false);
    }
    try {
      this.#framer.frame(message, stream.beginData());
    } catch (error) {
      stream.abandonData();
      throw error;
    }
    stream.endData(false);
    return this.#mayGoOn(stream.queuedBytes);
  }

  writeRun(run: MessageRun<never>): boolean {
    if (this.#over || !this.#headerSent) return this.write(run.messages[run.at++]!);
    writeRun(this.#stream, this.#framer, run);
    return this.#mayGoOn(this.#stream.queuedBytes);
  }

  #mayGoOn(waiting: number): boolean {
    if (waiting === 0) return true;
    if (waiting <= this.#connection.options.highWaterMark && !this.#connection.hasTooMuchUnsent) return true;
    this.#wantsDrain = true;
    return false;
  }

  finish(result: StatusObject): void {
    if (this.#over) return;
    this.#settle(result.code);
    this.#answer(result);
  }

  handlerDone(): void {
    this.#handlerDone = true;
    this.#leaveWhenDone();
  }

  /** Ends the call from this side, not by the handler's will. Only from a fresh stack. */
  abort(result: StatusObject): void {
    if (this.#over) return;
    this.#settle(result.code);
    this.#listener?.onCancel(result);
    // Trailers cannot overtake what waits for the client's window.
    if (this.#stream.queuedBytes > 0) this.#reset(ErrorCode.CANCEL);
    else this.#answer(result);
  }

  /** @internal */
  onConsumed(bytes: number): void {
    this.#stream.consumed(bytes);
  }

  /** @internal */
  onDeadline(): void {
    if (this.#over) this.#reset(ErrorCode.CANCEL);
    else this.abort(statusObject(status.DEADLINE_EXCEEDED, "deadline exceeded"));
  }

  /** @internal Trailers of a request have no meaning in gRPC; its end has. */
  onHeaders(_headers: HeaderList, endStream: boolean): void {
    if (endStream) this.onEnd();
  }

  /** @internal */
  onHeadersTooLarge(size: number, limit: number): void {
    const details = `the request has ${size} bytes of trailers; the limit is ${limit} bytes (maxMetadataBytes)`;
    this.abort(statusObject(status.RESOURCE_EXHAUSTED, details));
  }

  /** @internal */
  onData(bytes: Uint8Array, start: number, end: number): void {
    if (this.#over) {
      this.#stream.consumed(end - start);
      return;
    }
    if (this.received.push(bytes, start, end)) this.#arrived = true;
  }

  /** @internal */
  onDataRead(): void {
    if (this.#arrived) {
      this.#arrived = false;
      this.#listener?.onReadable();
    }
    this.received.hold();
  }

  /** @internal */
  onEnd(): void {
    this.#requestEnded = true;
    if (!this.#over) this.#onRequestEnd();
  }

  /** @internal */
  onWritable(): void {
    const { queuedBytes } = this.#stream;
    if (this.#over) {
      if (queuedBytes === 0) this.#answerSent();
      return;
    }
    if (!this.#wantsDrain) return;
    const { highWaterMark } = this.#connection.options;
    if (queuedBytes > highWaterMark / 2 || (queuedBytes > 0 && this.#connection.hasTooMuchUnsent)) return;
    this.#wantsDrain = false;
    soon(drainOf, this); // bytes may have gone out inside of somebody's `write`
  }

  /** @internal */
  drained(): void {
    if (!this.#over) this.#listener?.onDrain();
  }

  /** @internal */
  onReset(code: number, cause: ResetCause, text?: string): void {
    deadlines.remove(this);
    if (!this.#over) {
      const why = whyRequestLost(code, cause, text, this.#connection.lost);
      const result = statusObject(cause === "peer" ? codeOfClientReset(this.deadline) : status.CANCELLED, why);
      this.#settle(result.code);
      this.#listener?.onCancel(result);
    }
    this.#onStreamOver();
  }

  /** @internal */
  halfClose(): void {
    if (this.#over) return;
    if (this.received.truncated) {
      this.abort(statusObject(status.INTERNAL, "the request ended within a message"));
      return;
    }
    this.#halfCloseTold = true;
    this.#listener?.onHalfClose();
  }

  #onRequestEnd(): void {
    if (this.#halfCloseSuspect) afterGrace(halfCloseOf, this);
    else this.halfClose();
  }

  /** Sends the status behind what was written. */
  #answer(result: StatusObject): void {
    const stream = this.#stream;
    const limit = this.#connection.maxSendHeaderBytes;
    let trailers = trailersOf(result, this.#headerSent, limit);
    const fault = this.#sizeFault(trailers, result.metadata, "trailers");
    if (fault !== undefined) trailers = trailersOf(fault, this.#headerSent, limit);
    stream.sendHeaders(trailers, true);
    if (stream.queuedBytes === 0) this.#answerSent();
    else if (this.deadline !== Number.POSITIVE_INFINITY) deadlines.add(this);
  }

  /** The answer is complete; a client that still sends is told to stop, without harm to the answer (P15). */
  #answerSent(): void {
    deadlines.remove(this);
    if (!this.#requestEnded) this.#stream.reset(ErrorCode.NO_ERROR);
    this.#onStreamOver();
  }

  #reset(code: number): void {
    this.#stream.reset(code);
    this.#onStreamOver();
  }

  /** Whether the client would not take these headers. */
  #sizeFault(headers: HeaderList, metadata: Metadata, what: string): StatusObject | undefined {
    const { maxSendHeaderBytes, headerLimitOwner } = this.#connection;
    return answerTooLarge(headers, metadata, what, maxSendHeaderBytes, headerLimitOwner);
  }

  #settle(code: status): void {
    this.#over = true;
    deadlines.remove(this);
    this.#connection.callOver(this, code);
  }

  #onStreamOver(): void {
    this.#streamOver = true;
    this.#leaveWhenDone();
  }

  /** It counts against the limit of calls while its stream is there, and while its handler may be running. */
  #leaveWhenDone(): void {
    if (this.#left || !this.#streamOver) return;
    // A handler of one request begins with the half-close.
    const begun = this.#method.streamsRequests || this.#halfCloseTold;
    if (begun && !this.#handlerDone) return;
    this.#left = true;
    this.#connection.callLeft();
  }
}

function drainOf(call: ServerCall): void {
  call.drained();
}

function halfCloseOf(call: ServerCall): void {
  call.halfClose();
}

/** Puts values in place of those that stand under the same keys. */
function replaceIn(metadata: Metadata, values: Metadata): void {
  for (const [key] of values) metadata.remove(key);
  metadata.merge(values);
}
