import { type CallSite, tellCallSite } from "../../core/call-site.js";
import { monotonicMs } from "../../core/clock.js";
import type { Metadata } from "../../core/metadata.js";
import type { CalledMethod } from "../../core/method.js";
import { messageOf, normalStatus, RpcError, type StatusObject, statusObject } from "../../core/rpc-error.js";
import type { status as Status } from "../../core/status.js";
import * as Code from "../../core/status-code.js";
import type { CallConnection, Channel, ClientListener, ClientStream } from "../../transport/transport.js";
import { notSent } from "../sending-half.js";
import type { Abortable } from "./abort-registry.js";
import type { CallOptions } from "./call-options.js";
import type { ClientCallParts, ErrorOfCall } from "./call-parts.js";
import { CallPromises, type Known } from "./call-promises.js";
import { type CallerCallbacks, callerCallbacks } from "./caller-callbacks.js";
import { abortedSignal, unwatchCaller, watchCaller } from "./caller-signals.js";
import { type IdleListener, IdleTimer } from "./idle-timer.js";
import { NO_STREAM } from "./no-stream.js";
import { startOptions } from "./start-options.js";
import { startStream } from "./start-stream.js";

/**
 * The life of a call on the client: it starts, hears the transport, and ends once: by the transport's status, or at once by a
 * cancel of our own side. Users never hold it: the objects in their hands refer to one.
 */
export class ClientCallCore<InInit, Out> implements ClientListener, Abortable, IdleListener {
  readonly #method: CalledMethod<InInit, Out>;
  readonly #options: CallOptions;
  readonly #parts: ClientCallParts<InInit, Out>;
  readonly #site: CallSite | undefined;
  readonly #callbacks: CallerCallbacks | undefined;
  #stream: ClientStream<InInit, Out> = NO_STREAM;
  #idle: IdleTimer | undefined;
  #header: Metadata | undefined;
  #status: StatusObject | undefined;
  #cause: unknown;
  #error: RpcError | undefined;
  #promises: CallPromises | undefined;

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
    this.#callbacks = callerCallbacks(options);
  }

  /** Starts the call. Whatever goes wrong becomes its status. */
  begin(channel: Channel): void {
    const options = this.#options;
    const aborted = abortedSignal(options);
    if (aborted !== undefined) {
      this.end(Code.CANCELLED, "the signal had aborted before the call was made", aborted.reason);
      return;
    }
    try {
      const start = startOptions(options);
      if (start.deadline <= monotonicMs()) {
        this.end(Code.DEADLINE_EXCEEDED, "the deadline had passed before the call was made");
        return;
      }
      this.#stream = startStream(channel, this.#method, options, start, this);
    } catch (cause) {
      this.end(Code.INTERNAL, `the call cannot be started: ${messageOf(cause)}`, cause);
      return;
    }
    this.#parts.begun(this.#stream);
    if (this.#status !== undefined) return; // an interceptor may answer at once
    watchCaller(options, this);
    if (options.idleTimeoutMs !== undefined) this.#idle = new IdleTimer(options.idleTimeoutMs, this);
  }

  get header(): Promise<Metadata> {
    return this.#promised().header;
  }

  get trailer(): Promise<Metadata> {
    return this.#promised().trailer;
  }

  get status(): Promise<StatusObject> {
    return this.#promised().status;
  }

  #promised(): CallPromises {
    this.#promises ??= new CallPromises(this);
    return this.#promises;
  }

  known(): Known {
    return { header: this.#header, status: this.#status, error: this.#errorMaker() };
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
    return this.#status !== undefined && this.#status.code !== Code.OK;
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
    this.end(Code.CANCELLED, details, reason);
  }

  onAbort(reason: unknown): void {
    this.end(Code.CANCELLED, `the caller's signal aborted: ${messageOf(reason)}`, reason);
  }

  /** A received message could not be decoded. */
  receiveFailed(error: RpcError): void {
    this.#endWith(error, error.cause);
  }

  receivedTooMany(): void {
    this.end(Code.UNIMPLEMENTED, "the server sent more than one response");
  }

  /** A message cannot be sent. */
  sendFailed(error: RpcError): void {
    this.#endWith(error, error.cause);
  }

  /** What `sendAll` was given threw. */
  sourceFailed(error: unknown): void {
    this.end(Code.CANCELLED, `the messages given to sendAll failed: ${messageOf(error)}`, error);
  }

  /** As {@link sourceFailed}, after the call had ended: the error is dropped, as the call has its status already. */
  lateFailure(): void {}

  get isBehind(): boolean {
    return this.#parts.isBehind;
  }

  caughtUp(): void {
    this.#idle?.touch();
  }

  onIdle(): void {
    const details = `nothing came for ${this.#options.idleTimeoutMs} ms (idleTimeoutMs)`;
    this.end(Code.DEADLINE_EXCEEDED, details);
  }

  /** Whether the call ends after a time of silence. */
  get watchesSilence(): boolean {
    return this.#options.idleTimeoutMs !== undefined;
  }

  /** Restarts the idle time because this side sent something: in a client stream the server sends nothing until the end. */
  touch(): void {
    this.#idle?.touch();
  }

  onHeader(header: Metadata): void {
    if (this.#status !== undefined || this.#header !== undefined) return;
    this.#header = header;
    this.#idle?.touch();
    const thrown = this.#callbacks?.("onHeader", header);
    if (thrown !== undefined) this.end(Code.CANCELLED, thrown.details, thrown.cause);
    this.#promises?.headerCame(header);
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

  /** Ends the call from this side, at once: cancels it on the transport, and discards messages that were not read. */
  end(code: Status, details: string, cause?: unknown): void {
    this.#endWith(statusObject(code, details), cause);
  }

  #endWith({ code, details, metadata }: StatusObject, cause: unknown): void {
    if (this.#status !== undefined) return;
    this.#stream.cancel(code, details);
    this.#settle({ code, details, metadata }, cause, true);
  }

  #settle(status: StatusObject, cause: unknown, dropped: boolean): void {
    this.#idle?.stop();
    unwatchCaller(this.#options, this);
    this.#status = status;
    this.#cause = cause;
    const thrown = this.#callbacks?.("onTrailer", status.metadata);
    if (thrown !== undefined) {
      this.#status = { code: Code.CANCELLED, details: thrown.details, metadata: status.metadata };
      this.#cause = thrown.cause;
    }
    const error = this.#errorMaker();
    this.#promises?.noHeader(error);
    this.#parts.ended(error, dropped);
    this.#promises?.ended(this.#status);
  }

  #errorMaker(): ErrorOfCall | undefined {
    return this.failed ? () => this.error() : undefined;
  }

  #makeError(): RpcError {
    const status = this.#status ?? statusObject(Code.UNKNOWN, "the call is open"); // it is not, by the rule of `error`
    const cause = this.#cause;
    const place = { method: this.#method.path, peer: this.#stream.peer };
    const error = RpcError.fromStatus(status, cause === undefined ? place : { ...place, cause });
    tellCallSite(error, this.#site);
    return error;
  }
}
