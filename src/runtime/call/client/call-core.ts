import { type ContextRunner, captureContext } from "../../core/async-context.js";
import { type CallSite, tellCallSite } from "../../core/call-site.js";
import { monotonicMs } from "../../core/clock.js";
import { Deferred, ignore, rejected } from "../../core/deferred.js";
import { Metadata } from "../../core/metadata.js";
import type { CalledMethod } from "../../core/method.js";
import { messageOf, normalStatus, RpcError, type StatusObject, statusObject } from "../../core/rpc-error.js";
import { status as Status } from "../../core/status.js";
import type { CallConnection, Channel, ClientListener, ClientStream } from "../../transport/transport.js";
import { isObserved } from "../observed-call.js";
import { notSent } from "../sending-half.js";
import { unwatchSignal, watchSignal } from "./abort-registry.js";
import type { CallOptions } from "./call-options.js";
import { withCredentials } from "./credentials.js";
import { IdleTimer } from "./idle-timer.js";
import { withInterceptors } from "./intercepted-channel.js";
import { NO_STREAM } from "./no-stream.js";
import { startObserved } from "./observed-stream.js";
import { startOptions } from "./start-options.js";

/** Makes the error of a call when somebody asks for it, and then the same for all. */
export type ErrorOfCall = () => RpcError;

/** What a kind of call does with what its core hears: its halves, seen together. */
export interface ClientCallParts<InInit, Out> {
  /** True while messages wait for a slow reader: the peer is not to blame for the silence. */
  readonly isBehind: boolean;
  /** Whether the message that was read last came compressed. */
  readonly compressed: boolean | undefined;
  /** There is a stream to send to and to receive from. */
  begun(stream: ClientStream<InInit, Out>): void;
  onReadable(): void;
  onDrain(): void;
  /** The last word on the transport's status: a response may be missing. */
  judge(status: StatusObject): StatusObject;
  /**
   * The call ended: `error` makes its error, and is undefined for OK. `dropped`: what waits to be read is no longer wanted.
   */
  ended(error: ErrorOfCall | undefined, dropped: boolean): void;
}

/**
 * What all calls have in common on the client: it starts the call, hears the transport, and ends once: by the
 * transport's status, or at once by a cancel of our own side. Promises are made when somebody asks for them. Users never
 * hold it: what they hold has one.
 */
export class ClientCallCore<InInit, Out> implements ClientListener {
  readonly #method: CalledMethod<InInit, Out>;
  readonly #options: CallOptions;
  readonly #parts: ClientCallParts<InInit, Out>;
  readonly #site: CallSite | undefined;
  /** The caller's asynchronous context, where it has callbacks to run in it (P18). */
  readonly #context: ContextRunner | undefined;
  #stream: ClientStream<InInit, Out> = NO_STREAM;
  #idle: IdleTimer | undefined;
  #header: Metadata | undefined;
  #status: StatusObject | undefined;
  #cause: unknown;
  #error: RpcError | undefined;
  #headerPromise: Deferred<Metadata> | undefined;
  #trailerPromise: Deferred<Metadata> | undefined;
  #statusPromise: Deferred<StatusObject> | undefined;

  constructor(
    method: CalledMethod<InInit, Out>,
    options: CallOptions,
    parts: ClientCallParts<InInit, Out>,
    site: CallSite | undefined,
  ) {
    this.#method = method;
    this.#options = options;
    this.#parts = parts;
    this.#site = site;
    if (options.onHeader !== undefined || options.onTrailer !== undefined) this.#context = captureContext();
  }

  /** Starts the call. Whatever goes wrong becomes its status. */
  begin(channel: Channel): void {
    const options = this.#options;
    const { signal, parent, idleTimeoutMs } = options;
    const aborted = signal?.aborted === true ? signal : parent?.signal;
    if (aborted?.aborted === true) {
      this.end(Status.CANCELLED, "the signal had aborted before the call was made", aborted.reason);
      return;
    }
    try {
      const start = startOptions(options);
      if (start.deadline <= monotonicMs()) {
        this.end(Status.DEADLINE_EXCEEDED, "the deadline had passed before the call was made");
        return;
      }
      const { interceptors, credentials } = options;
      const own = credentials === undefined ? interceptors : [...(interceptors ?? []), withCredentials(credentials)];
      const through = own === undefined ? channel : withInterceptors(channel, own);
      const method = this.#method;
      this.#stream = isObserved() ? startObserved(through, method, start, this) : through.start(method, start, this);
    } catch (cause) {
      this.end(Status.INTERNAL, `the call cannot be started: ${messageOf(cause)}`, cause);
      return;
    }
    this.#parts.begun(this.#stream);
    if (this.#status !== undefined) return; // an interceptor may answer at once
    if (signal !== undefined) watchSignal(signal, this);
    if (parent !== undefined) watchSignal(parent.signal, this);
    if (idleTimeoutMs !== undefined) this.#idle = new IdleTimer(idleTimeoutMs, this);
  }

  get header(): Promise<Metadata> {
    if (this.#headerPromise === undefined) {
      if (this.#header !== undefined) return Promise.resolve(this.#header);
      if (this.failed) return rejected(this.error());
      if (this.#status !== undefined) return Promise.resolve(new Metadata());
      this.#headerPromise = new Deferred();
    }
    return this.#headerPromise.promise;
  }

  get trailer(): Promise<Metadata> {
    if (this.#status !== undefined) return Promise.resolve(this.#status.metadata);
    this.#trailerPromise ??= new Deferred();
    return this.#trailerPromise.promise;
  }

  get status(): Promise<StatusObject> {
    if (this.#status !== undefined) return Promise.resolve(this.#status);
    this.#statusPromise ??= new Deferred();
    return this.#statusPromise.promise;
  }

  get peer(): string {
    return this.#stream.peer;
  }

  get connection(): CallConnection | undefined {
    return this.#stream.connection;
  }

  get compressed(): boolean | undefined {
    return this.#parts.compressed;
  }

  /** Whether it has ended otherwise than with OK. */
  get failed(): boolean {
    return this.#status !== undefined && this.#status.code !== Status.OK;
  }

  /** Its error; only where it has {@link failed}. */
  error(): RpcError {
    this.#error ??= this.#makeError();
    return this.#error;
  }

  /** True once the call has ended. */
  get isOver(): boolean {
    return this.#status !== undefined;
  }

  /** Sends the one request of a call, and half-closes. */
  request(message: InInit): void {
    try {
      this.#stream.write(message);
      this.#stream.closeSend();
    } catch (cause) {
      this.sendFailed(notSent(cause));
    }
  }

  cancel(reason?: unknown): void {
    const details = reason === undefined ? "the call was cancelled" : `the call was cancelled: ${messageOf(reason)}`;
    this.end(Status.CANCELLED, details, reason);
  }

  onAbort(reason: unknown): void {
    this.end(Status.CANCELLED, `the caller's signal aborted: ${messageOf(reason)}`, reason);
  }

  /** What came is no message. */
  receiveFailed(error: RpcError): void {
    this.#endWith(error, error.cause);
  }

  receivedTooMany(): void {
    this.end(Status.UNIMPLEMENTED, "the server sent more than one response");
  }

  /** A message cannot be sent. */
  sendFailed(error: RpcError): void {
    this.#endWith(error, error.cause);
  }

  /** What `sendAll` was given threw. */
  sourceFailed(error: unknown): void {
    this.end(Status.CANCELLED, `the messages given to sendAll failed: ${messageOf(error)}`, error);
  }

  /** As {@link sourceFailed}, when the call was over: the caller's own code, and its call has its status. */
  lateFailure(): void {}

  get isBehind(): boolean {
    return this.#parts.isBehind;
  }

  caughtUp(): void {
    this.#idle?.touch();
  }

  onIdle(): void {
    const details = `nothing came for ${this.#options.idleTimeoutMs} ms (idleTimeoutMs)`;
    this.end(Status.DEADLINE_EXCEEDED, details);
  }

  /** Whether the call ends after a time of silence. */
  get watchesSilence(): boolean {
    return this.#options.idleTimeoutMs !== undefined;
  }

  /** Notes that this side did something, for calls in which the server is silent by nature. */
  touch(): void {
    this.#idle?.touch();
  }

  onHeader(header: Metadata): void {
    if (this.#status !== undefined || this.#header !== undefined) return;
    this.#header = header;
    this.#idle?.touch();
    const { onHeader } = this.#options;
    if (onHeader !== undefined) {
      try {
        this.#inContext(() => observe(onHeader(header)));
      } catch (cause) {
        this.end(Status.CANCELLED, `onHeader threw: ${messageOf(cause)}`, cause);
      }
    }
    this.#headerPromise?.resolve(header);
  }

  onReadable(): void {
    if (this.#status !== undefined) return;
    this.#idle?.touch();
    this.#parts.onReadable();
  }

  onDrain(): void {
    this.#idle?.touch();
    this.#parts.onDrain();
  }

  onStatus(status: StatusObject): void {
    if (this.#status === undefined) this.#settle(this.#parts.judge(normalStatus(status)), undefined, false);
  }

  /** Ends the call from this side, at once: the transport is told, what waits is dropped. */
  end(code: Status, details: string, cause?: unknown): void {
    this.#endWith(statusObject(code, details), cause);
  }

  #endWith({ code, details, metadata }: StatusObject, cause: unknown): void {
    if (this.#status !== undefined) return;
    this.#stream.cancel(code, details);
    this.#settle({ code, details, metadata }, cause, true);
  }

  #settle(status: StatusObject, cause: unknown, dropped: boolean): void {
    const { signal, parent, onTrailer } = this.#options;
    this.#idle?.stop();
    if (signal !== undefined) unwatchSignal(signal, this);
    if (parent !== undefined) unwatchSignal(parent.signal, this);
    this.#status = status;
    if (onTrailer !== undefined) {
      try {
        this.#inContext(() => observe(onTrailer(status.metadata)));
      } catch (thrown) {
        cause = thrown;
        const details = `onTrailer threw: ${messageOf(thrown)}`;
        this.#status = { code: Status.CANCELLED, details, metadata: status.metadata };
      }
    }
    this.#cause = cause;
    if (!this.failed) this.#headerPromise?.resolve(new Metadata());
    else this.#headerPromise?.reject(this.error());
    this.#parts.ended(this.failed ? () => this.error() : undefined, dropped);
    this.#trailerPromise?.resolve(status.metadata);
    this.#statusPromise?.resolve(this.#status);
  }

  #makeError(): RpcError {
    const status = this.#status ?? statusObject(Status.UNKNOWN, "the call is open"); // it is not, by the rule of `error`
    const cause = this.#cause;
    const place = { method: this.#method.path, peer: this.#stream.peer };
    const error = RpcError.fromStatus(status, cause === undefined ? place : { ...place, cause });
    tellCallSite(error, this.#site);
    return error;
  }

  #inContext(run: () => void): void {
    if (this.#context === undefined) run();
    else this.#context(run);
  }
}

/** A callback may be an async function all the same: what it rejects with must not end the process (P10). */
function observe(returned: unknown): void {
  if (returned instanceof Promise) returned.catch(ignore);
}
