import { Deferred, rejected } from "../core/deferred.js";
import { Metadata, status as Status } from "../core/metadata.js";
import type { Method, MethodKind } from "../core/method.js";
import { normalStatus, RpcError, type StatusObject } from "../core/rpc-error.js";
import type { Channel, ClientListener, ClientStream } from "../transport/transport.js";
import { unwatchSignal, watchSignal } from "./abort-registry.js";
import type { CallOptions } from "./call-options.js";
import type { ClientCall } from "./client-types.js";
import { IdleTimer } from "./idle-timer.js";
import { messageOf } from "./send-gate.js";
import { NO_STREAM, startOptions, startThrough } from "./start-call.js";

/**
 * What all calls have in common on the client: it starts the call, hears the transport, and ends once: by the
 * transport's status, or at once by a cancel of our own side. Promises are made when somebody asks for them.
 */
export abstract class ClientCallBase<InInit, Out> implements ClientCall, ClientListener<Out> {
  protected stream: ClientStream<InInit> = NO_STREAM;
  #options: CallOptions = {};
  #idle: IdleTimer | undefined;
  #header: Metadata | undefined;
  #status: StatusObject | undefined;
  #error: RpcError | undefined;
  #headerPromise: Deferred<Metadata> | undefined;
  #trailerPromise: Deferred<Metadata> | undefined;
  #statusPromise: Deferred<StatusObject> | undefined;

  /** Starts the call. Whatever goes wrong becomes its status. */
  begin(channel: Channel, method: Method<MethodKind, unknown, InInit, Out, never>, options: CallOptions): void {
    this.#options = options;
    const { signal, idleTimeoutMs } = options;
    if (signal?.aborted === true) {
      this.end(Status.CANCELLED, "the signal had aborted before the call was made", signal.reason);
      return;
    }
    try {
      const start = startOptions(options);
      if (start.deadline <= Date.now()) {
        this.end(Status.DEADLINE_EXCEEDED, "the deadline had passed before the call was made");
        return;
      }
      this.stream = startThrough(channel, options.interceptors, method, start, this);
    } catch (cause) {
      this.end(Status.INTERNAL, `the call cannot be started: ${messageOf(cause)}`, cause);
      return;
    }
    if (this.isOver) return; // an interceptor may answer at once
    if (signal !== undefined) watchSignal(signal, this);
    if (idleTimeoutMs !== undefined) this.#idle = new IdleTimer(idleTimeoutMs, this);
  }

  get header(): Promise<Metadata> {
    if (this.#headerPromise === undefined) {
      if (this.#header !== undefined) return Promise.resolve(this.#header);
      if (this.#error !== undefined) return rejected(this.#error);
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
    return this.stream.peer;
  }

  cancel(reason?: unknown): void {
    const details = reason === undefined ? "the call was cancelled" : `the call was cancelled: ${messageOf(reason)}`;
    this.end(Status.CANCELLED, details, reason);
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.cancel();
    return DISPOSED;
  }

  onAbort(reason: unknown): void {
    this.end(Status.CANCELLED, `the caller's signal aborted: ${messageOf(reason)}`, reason);
  }

  get isBehind(): boolean {
    return false;
  }

  onIdle(): void {
    const details = `nothing came for ${this.#options.idleTimeoutMs} ms (idleTimeoutMs)`;
    this.end(Status.DEADLINE_EXCEEDED, details);
  }

  onHeader(header: Metadata): void {
    if (this.#status !== undefined || this.#header !== undefined) return;
    this.#header = header;
    this.#idle?.touch();
    try {
      this.#options.onHeader?.(header);
    } catch (cause) {
      this.end(Status.CANCELLED, `onHeader threw: ${messageOf(cause)}`, cause);
    }
    this.#headerPromise?.resolve(header);
  }

  onMessages(batch: Out[]): void {
    if (this.#status !== undefined) return;
    this.#idle?.touch();
    this.received(batch);
  }

  onDrain(): void {
    this.#idle?.touch();
  }

  onStatus(status: StatusObject): void {
    if (this.#status !== undefined) return;
    this.#settle(this.judge(normalStatus(status)), undefined, false);
  }

  /** Notes that this side did something, for calls in which the server is silent by nature. */
  protected touch(): void {
    this.#idle?.touch();
  }

  /** True once the call has ended. */
  protected get isOver(): boolean {
    return this.#status !== undefined;
  }

  /** Ends the call from this side, at once: the transport is told, what waits is dropped. */
  protected end(code: Status, details: string, cause?: unknown): void {
    if (this.#status !== undefined) return;
    this.stream.cancel(code, details);
    this.#settle({ code, details, metadata: new Metadata() }, cause, true);
  }

  /** Messages came. */
  protected abstract received(batch: Out[]): void;

  /** The last word on the transport's status: a response may be missing. */
  protected judge(status: StatusObject): StatusObject {
    return status;
  }

  /** The call ended; `error` is undefined for OK. `dropped`: what waits to be read is no longer wanted. */
  protected abstract ended(error: RpcError | undefined, dropped: boolean): void;

  #settle(status: StatusObject, cause: unknown, dropped: boolean): void {
    const { signal, onTrailer } = this.#options;
    this.#idle?.stop();
    if (signal !== undefined) unwatchSignal(signal, this);
    this.#status = status;
    try {
      onTrailer?.(status.metadata);
    } catch (thrown) {
      cause = thrown;
      this.#status = {
        code: Status.CANCELLED,
        details: `onTrailer threw: ${messageOf(thrown)}`,
        metadata: status.metadata,
      };
    }
    const error = this.#status.code === Status.OK ? undefined : RpcError.fromStatus(this.#status, cause);
    this.#error = error;
    if (error === undefined) this.#headerPromise?.resolve(new Metadata());
    else this.#headerPromise?.reject(error);
    this.ended(error, dropped);
    this.#trailerPromise?.resolve(status.metadata);
    this.#statusPromise?.resolve(this.#status);
  }
}

const DISPOSED = Promise.resolve();
