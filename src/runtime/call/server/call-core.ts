import { epochOf, monotonicMs } from "../../core/clock.js";
import { type ForeignMetadata, Metadata } from "../../core/metadata.js";
import type { AnyMethod } from "../../core/method.js";
import { RpcError, type StatusObject, statusObject } from "../../core/rpc-error.js";
import { status as Status } from "../../core/status.js";
import type { ServerListener, ServerStream } from "../../transport/transport.js";
import { statusOfError } from "./error-status.js";
import type { ServerCall } from "./types.js";
import { warn } from "./warn.js";

/** Hears of what a handler throws and a client must not see. */
export type HandlerErrorListener = (error: unknown, call: ServerCall) => void;

/** What a kind of call does with what its core hears: its halves, seen together. */
export interface ServerCallParts {
  onReadable(): void;
  onHalfClose(): void;
  onDrain(): void;
  /** The call ended: `error` makes its error, and is undefined for OK. `dropped`: it ended without its handler's doing. */
  ended(error: (() => RpcError) | undefined, dropped: boolean): void;
}

/**
 * What all calls have in common on the server: it runs the handler once, and ends once: by the handler's outcome, or by
 * the transport's word that the call is over. Users never hold it: what they hold has one.
 */
export class ServerCallCore<In, OutInit> implements ServerListener {
  readonly method: AnyMethod;
  readonly stream: ServerStream<In, OutInit>;
  readonly #parts: ServerCallParts;
  readonly #onError: HandlerErrorListener;
  /** What the handler holds of this call; set by the kind's maker. */
  object!: ServerCall;
  #controller: AbortController | undefined;
  #trailer: Metadata | undefined;
  #headerSent = false;
  #finished = false;
  /** Why the call ended without its handler's doing. */
  #cancelled: RpcError | undefined;

  constructor(
    stream: ServerStream<In, OutInit>,
    method: AnyMethod,
    parts: ServerCallParts,
    onError: HandlerErrorListener,
  ) {
    this.stream = stream;
    this.method = method;
    this.#parts = parts;
    this.#onError = onError;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#cancelled !== undefined) this.#controller.abort(this.#cancelled);
    }
    return this.#controller.signal;
  }

  get deadline(): Date | undefined {
    const { deadline } = this.stream;
    return Number.isFinite(deadline) ? new Date(epochOf(deadline)) : undefined;
  }

  timeoutMs(): number {
    return Math.max(0, this.stream.deadline - monotonicMs());
  }

  get metadata(): Metadata {
    return this.stream.metadata;
  }

  get peer(): string {
    return this.stream.peer;
  }

  get trailer(): Metadata {
    this.#trailer ??= new Metadata();
    return this.#trailer;
  }

  sendHeader(header: Metadata | ForeignMetadata = new Metadata()): void {
    if (this.isOver) return;
    if (this.#headerSent)
      throw new RpcError(Status.INTERNAL, "the header was sent already", { method: this.method.path });
    this.#headerSent = true;
    this.stream.sendHeader(Metadata.from(header));
  }

  onReadable(): void {
    if (!this.isOver) this.#parts.onReadable();
  }

  onHalfClose(): void {
    if (!this.isOver) this.#parts.onHalfClose();
  }

  onDrain(): void {
    this.#parts.onDrain();
  }

  onCancel(status: StatusObject): void {
    if (this.isOver) return;
    const error = this.#errorOf(status);
    this.#cancelled = error;
    this.#parts.ended(() => error, true);
    this.#controller?.abort(error);
  }

  /** True once the call has ended, however. */
  get isOver(): boolean {
    return this.#finished || this.#cancelled !== undefined;
  }

  /** Runs the handler: what it returns goes to `completed`, what it throws ends the call. */
  run(invoke: () => unknown, completed: (outcome: unknown) => void): void {
    let outcome: unknown;
    try {
      outcome = invoke();
    } catch (error) {
      this.handlerFailed(error);
      this.stream.handlerDone();
      return;
    }
    if (isPromiseLike(outcome)) {
      outcome.then(
        (value) => this.#completed(completed, value),
        (error: unknown) => {
          this.handlerFailed(error);
          this.stream.handlerDone();
        },
      );
    } else {
      this.#completed(completed, outcome);
    }
  }

  #completed(completed: (outcome: unknown) => void, value: unknown): void {
    try {
      completed(value);
    } catch (error) {
      this.handlerFailed(error);
    }
    this.stream.handlerDone();
  }

  /** The handler threw: the call ends with one status (P7). */
  handlerFailed(error: unknown): void {
    const status = statusOfError(error);
    if (status === undefined) this.report(error);
    this.finish(status ?? statusObject(Status.UNKNOWN, "the handler failed"));
  }

  /** Ends the call and lets the server's owner know: a fault of the program, not of the client. */
  broken(error: RpcError): void {
    this.report(error);
    this.finish(error);
  }

  /** A message cannot be sent. */
  sendFailed(error: RpcError): void {
    this.broken(error);
  }

  /** What `sendAll` was given threw. */
  sourceFailed(error: unknown): void {
    this.handlerFailed(error);
  }

  /** As {@link sourceFailed}, when the call was over: only the server's owner can hear of it. */
  lateFailure(error: unknown): void {
    if (statusOfError(error) === undefined) this.report(error);
  }

  /** What came is no message: the client's fault. */
  receiveFailed(error: RpcError): void {
    this.refuse(error);
  }

  receivedTooMany(): void {
    this.refuse(new RpcError(Status.UNIMPLEMENTED, `${this.method.path} takes one request, but several came`));
  }

  caughtUp(): void {}

  /** Ends the call for what the client did, although its handler may be running. */
  refuse(status: StatusObject): void {
    if (this.isOver) return;
    this.finish(status);
    this.#controller?.abort(this.#errorOf(status));
  }

  /** Ends the call; what was written goes out first. */
  finish(status: StatusObject): void {
    if (this.isOver) return;
    this.#finished = true;
    const { code, details } = status;
    if (this.#trailer === undefined) {
      this.stream.finish(status);
    } else {
      const metadata = status.metadata.clone();
      metadata.merge(this.#trailer);
      this.stream.finish({ code, details, metadata });
    }
    this.#parts.ended(code === Status.OK ? undefined : () => this.#errorOf(status), false);
  }

  /** Tells the server's owner of an error that no client sees. */
  report(error: unknown): void {
    // A handler that stops because its call was cancelled has nothing to say.
    if (this.#cancelled !== undefined && (error === this.#cancelled || isAbortError(error))) return;
    try {
      this.#onError(error, this.object);
    } catch (thrown) {
      warn(`onError threw: ${String(thrown)}`);
    }
  }

  #errorOf(status: StatusObject): RpcError {
    return RpcError.fromStatus(status, { method: this.method.path, peer: this.peer });
  }
}

function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}

function isAbortError(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}
