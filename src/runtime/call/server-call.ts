import { Metadata, status as Status } from "../core/metadata.js";
import type { AnyMethod } from "../core/method.js";
import { RpcError, type StatusObject } from "../core/rpc-error.js";
import type { ServerListener, ServerStream } from "../transport/transport.js";
import { statusOfError } from "./error-status.js";
import type { ServerCall } from "./server-types.js";

/** Hears of what a handler throws and a client must not see. */
export type HandlerErrorListener = (error: unknown, call: ServerCall) => void;

/** Calls the user's handler; set by the subclass's maker, so that `this` inside it is the user's object. */
export type Handler<Args extends unknown[]> = (...args: Args) => unknown;

/**
 * What all calls have in common on the server: it runs the handler once, and ends once: by the handler's outcome, or by
 * the transport's word that the call is over.
 */
export abstract class ServerCallBase<In, OutInit> implements ServerCall, ServerListener<In> {
  readonly method: AnyMethod;
  protected readonly stream: ServerStream<OutInit>;
  readonly #onError: HandlerErrorListener;
  #controller: AbortController | undefined;
  #trailer: Metadata | undefined;
  #headerSent = false;
  #finished = false;
  /** Why the call ended without its handler's doing. */
  #cancelled: RpcError | undefined;

  constructor(stream: ServerStream<OutInit>, method: AnyMethod, onError: HandlerErrorListener) {
    this.stream = stream;
    this.method = method;
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
    return Number.isFinite(this.stream.deadline) ? new Date(this.stream.deadline) : undefined;
  }

  timeoutMs(): number {
    return Math.max(0, this.stream.deadline - Date.now());
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

  sendHeader(header: Metadata = new Metadata()): void {
    if (this.isOver) return;
    if (this.#headerSent) throw new RpcError(Status.INTERNAL, "the header was sent already");
    this.#headerSent = true;
    this.stream.sendHeader(header);
  }

  abstract onMessages(batch: In[]): void;
  abstract onHalfClose(): void;

  onDrain(): void {}

  onCancel(status: StatusObject): void {
    if (this.isOver) return;
    const error = RpcError.fromStatus(status);
    this.#cancelled = error;
    this.ended(error);
    this.#controller?.abort(error);
  }

  /** True once the call has ended, however. */
  protected get isOver(): boolean {
    return this.#finished || this.#cancelled !== undefined;
  }

  /** Why the call ended without its handler's doing. */
  protected get cancelled(): RpcError | undefined {
    return this.#cancelled;
  }

  /** The call ended; `error` is undefined for OK. */
  protected abstract ended(error: RpcError | undefined): void;

  /** Runs the handler: what it returns goes to `completed`, what it throws ends the call. */
  protected run(invoke: () => unknown): void {
    let outcome: unknown;
    try {
      outcome = invoke();
    } catch (error) {
      this.failed(error);
      return;
    }
    if (isPromiseLike(outcome)) {
      outcome.then(
        (value) => this.#complete(value),
        (error: unknown) => this.failed(error),
      );
    } else {
      this.#complete(outcome);
    }
  }

  #complete(value: unknown): void {
    try {
      this.completed(value);
    } catch (error) {
      this.failed(error);
    }
  }

  /** The handler returned, or its promise resolved. */
  protected abstract completed(value: unknown): void;

  /** The handler threw, or broke a rule: the call ends with one status (P7). */
  protected failed(error: unknown): void {
    const status = statusOfError(error);
    if (status === undefined) this.#report(error);
    this.finish(status ?? { code: Status.UNKNOWN, details: "the handler failed", metadata: new Metadata() });
  }

  /** Ends the call with INTERNAL and lets the server's owner know: a fault of the program, not of the client. */
  protected broken(error: RpcError): void {
    this.#report(error);
    this.finish(error);
  }

  /** Ends the call; what was written goes out first. */
  protected finish(status: StatusObject): void {
    if (this.isOver) return;
    this.#finished = true;
    if (this.#trailer !== undefined) {
      const metadata = status.metadata.clone();
      metadata.merge(this.#trailer);
      this.stream.finish({ code: status.code, details: status.details, metadata });
    } else {
      this.stream.finish(status);
    }
    this.ended(status.code === Status.OK ? undefined : RpcError.fromStatus(status));
  }

  #report(error: unknown): void {
    // A handler that stops because its call was cancelled has nothing to say.
    if (this.#cancelled !== undefined && (error === this.#cancelled || isAbortError(error))) return;
    try {
      this.#onError(error, this);
    } catch (thrown) {
      process.emitWarning(`onError threw: ${String(thrown)}`, "GenStubsWarning");
    }
  }
}

/** The status of a handler that is done. */
export function okStatus(): StatusObject {
  return { code: Status.OK, details: "", metadata: new Metadata() };
}

function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}

function isAbortError(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}
