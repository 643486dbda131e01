import { type ContextRunner, captureContext } from "../../core/async-context.js";
import { epochOf, monotonicMs } from "../../core/clock.js";
import { CallContext } from "../../core/context.js";
import { type ForeignMetadata, Metadata } from "../../core/metadata.js";
import type { AnyMethod } from "../../core/method.js";
import { RpcError, type StatusObject, statusObject } from "../../core/rpc-error.js";
import { status as Status } from "../../core/status.js";
import type { CallConnection, ReceivedMessages, ServerListener, ServerStream } from "../../transport/transport.js";
import { HookedMessages } from "../hooked-messages.js";
import type { Admission, Entrant } from "./admission.js";
import { callRunner } from "./call-runner.js";
import { statusOfError } from "./error-status.js";
import { Interception } from "./interception.js";
import type { ServerInterceptor } from "./interceptor.js";
import type { ServerCall } from "./types.js";
import { warn } from "./warn.js";

/** Hears of what a handler throws and a client must not see. */
export type HandlerErrorListener = (error: unknown, call: ServerCall) => void;

/** What holds for all calls of a service. */
export interface ServiceRules {
  readonly onError: HandlerErrorListener;
  /** Around every call; the first is the outermost. */
  readonly interceptors: readonly ServerInterceptor[];
  /** What limits the calls that run at a time, where something does. */
  readonly admission?: Admission | undefined;
}

/** What a kind of call does with what its core hears: its halves, seen together. */
export interface ServerCallParts {
  /** Whether the request that was read last came compressed. */
  readonly compressed: boolean | undefined;
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
export class ServerCallCore<In, OutInit> implements ServerListener, Entrant {
  readonly method: AnyMethod;
  /** The requests. */
  readonly received: ReceivedMessages<In>;
  readonly #stream: ServerStream<In, OutInit>;
  readonly #parts: ServerCallParts;
  readonly #rules: ServiceRules;
  readonly #interception: Interception | undefined;
  /** It has a place among the running calls, or waits for one. */
  #entered = false;
  /** What begins the call, while it waits for its place. */
  #waiting: (() => void) | undefined;
  /** Interceptors, or the limit of running calls, have not let the call go on: what comes waits. */
  #held = false;
  #halfClosed = false;
  /** The asynchronous context in which the innermost interceptor called `next()`: the handler's. */
  #within: ContextRunner | undefined;
  /** Interceptors and handler that are still running. */
  #running = 0;
  #context: CallContext | undefined;
  /** What the handler holds of this call; set by the kind's maker. */
  object!: ServerCall;
  #controller: AbortController | undefined;
  #trailer: Metadata | undefined;
  #headerSent = false;
  #finished = false;
  /** Why the call ended without its handler's doing. */
  #cancelled: RpcError | undefined;

  constructor(stream: ServerStream<In, OutInit>, method: AnyMethod, parts: ServerCallParts, rules: ServiceRules) {
    this.#stream = stream;
    this.method = method;
    this.#parts = parts;
    this.#rules = rules;
    this.received = stream.received;
    if (rules.interceptors.length === 0) return;
    const interception = new Interception(rules.interceptors);
    const received = new HookedMessages<In>((message) => interception.received(message));
    received.source = stream.received;
    this.received = received;
    this.#interception = interception;
  }

  /** Lets the call begin: once it has its place among the running ones, and all interceptors have called `next()`. */
  open(begin: () => void): void {
    const { admission } = this.#rules;
    if (admission === undefined) {
      this.#start(begin);
      return;
    }
    const place = admission.enter(this);
    if (place === "refused") {
      this.#refuseEntry(admission.refusal);
      return;
    }
    this.#entered = true;
    if (place === "now") {
      this.#start(begin);
      return;
    }
    this.#held = true;
    this.#waiting = begin;
  }

  admitted(): void {
    const begin = this.#waiting;
    this.#waiting = undefined;
    if (begin === undefined || this.isOver) return;
    if (this.#interception === undefined) this.#release(begin);
    else this.#start(begin);
  }

  #start(begin: () => void): void {
    const interception = this.#interception;
    if (interception === undefined) {
      begin();
      return;
    }
    this.#held = true;
    this.#running++;
    const below = (): void => {
      this.#within = captureContext();
      this.#release(begin);
    };
    const run = (): void => {
      interception.run(this.object, below).then(
        () => this.#close({ code: Status.OK, details: "", metadata: new Metadata() }),
        (error: unknown) => this.#closeWith(error),
      );
    };
    if (callRunner === undefined) run();
    else callRunner(this.object, run);
  }

  /** Begins the call with what has come while it was held. */
  #release(begin: () => void): void {
    this.#held = false;
    if (this.isOver) return;
    begin();
    this.onReadable();
    if (this.#halfClosed) this.onHalfClose();
  }

  /** There is no place for the call: neither interceptors nor the handler hear of it. */
  #refuseEntry(status: StatusObject): void {
    this.#finished = true;
    this.#stream.finish(status);
    this.#parts.ended(() => this.#errorOf(status), false);
    this.#stream.handlerDone();
  }

  /** Gives the call's place to the next, once nothing of it runs. */
  #leaveWhenDone(): void {
    if (!this.#entered || this.#running > 0 || !this.isOver) return;
    this.#entered = false;
    this.#rules.admission?.leave(this);
  }

  /** Sends one message; as `ServerStream.write`. */
  write(message: OutInit): boolean {
    return this.#stream.write(this.#interception === undefined ? message : this.#interception.sent(message));
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#cancelled !== undefined) this.#controller.abort(this.#cancelled);
    }
    return this.#controller.signal;
  }

  get deadline(): Date | undefined {
    const { deadline } = this.#stream;
    return Number.isFinite(deadline) ? new Date(epochOf(deadline)) : undefined;
  }

  timeoutMs(): number {
    return Math.max(0, this.#stream.deadline - monotonicMs());
  }

  get context(): CallContext {
    this.#context ??= new CallContext();
    return this.#context;
  }

  get metadata(): Metadata {
    return this.#stream.metadata;
  }

  get peer(): string {
    return this.#stream.peer;
  }

  get connection(): CallConnection {
    return this.#stream.connection ?? { peer: this.peer, authority: undefined, tls: undefined };
  }

  get compressed(): boolean | undefined {
    return this.#parts.compressed;
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
    this.#stream.sendHeader(Metadata.from(header));
  }

  onReadable(): void {
    if (!this.#held && !this.isOver && this.received.waiting > 0) this.#parts.onReadable();
  }

  onHalfClose(): void {
    this.#halfClosed = true;
    if (!this.#held && !this.isOver) this.#parts.onHalfClose();
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
    this.#interception?.ended({ error });
    if (this.#waiting !== undefined) {
      this.#waiting = undefined;
      this.#stream.handlerDone(); // none will run
    }
    this.#leaveWhenDone();
  }

  /** True once the call has ended, however. */
  get isOver(): boolean {
    return this.#finished || this.#cancelled !== undefined;
  }

  /** Runs the handler: what it returns goes to `completed`, what it throws ends the call. */
  run(invoke: () => unknown, completed: (outcome: unknown) => void): void {
    if (this.#within === undefined) this.#run(invoke, completed);
    else this.#within(() => this.#run(invoke, completed));
  }

  #run(invoke: () => unknown, completed: (outcome: unknown) => void): void {
    this.#running++;
    if (callRunner === undefined) this.#invoke(invoke, completed);
    else callRunner(this.object, () => this.#invoke(invoke, completed));
  }

  #invoke(invoke: () => unknown, completed: (outcome: unknown) => void): void {
    let outcome: unknown;
    try {
      outcome = invoke();
    } catch (error) {
      this.#handlerThrew(error);
      return;
    }
    if (isPromiseLike(outcome)) {
      outcome.then(
        (value) => this.#handlerReturned(completed, value),
        (error: unknown) => this.#handlerThrew(error),
      );
    } else {
      this.#handlerReturned(completed, outcome);
    }
  }

  #handlerReturned(completed: (outcome: unknown) => void, value: unknown): void {
    try {
      completed(value);
    } catch (error) {
      this.handlerFailed(error);
    }
    this.#doneRunning();
  }

  #handlerThrew(error: unknown): void {
    this.handlerFailed(error);
    this.#doneRunning();
  }

  #doneRunning(): void {
    if (--this.#running > 0) return;
    this.#stream.handlerDone();
    this.#leaveWhenDone();
  }

  /** The handler threw: the call ends with one status (P7). */
  handlerFailed(error: unknown): void {
    if (this.isOver) {
      if (statusOfError(error) === undefined) this.report(error);
      return;
    }
    if (this.#interception === undefined) this.#closeWith(error);
    else this.#endBelow({ error });
  }

  /** Ends the call and lets the server's owner know: a fault of the program, not of the client. */
  broken(error: RpcError): void {
    this.report(error);
    this.finish(error, error);
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
  refuse(error: RpcError): void {
    if (this.isOver) return;
    this.finish(error, error);
    this.#controller?.abort(this.#errorOf(error));
  }

  /** Ends the call below the interceptors; what was written goes out first. */
  finish(status: StatusObject, error?: unknown): void {
    if (this.isOver) return;
    if (this.#interception === undefined) this.#close(status);
    else this.#endBelow(status.code === Status.OK ? undefined : { error: error ?? this.#errorOf(status) });
  }

  /** The call is over for its handler; the interceptors have the last word on how. */
  #endBelow(failure: { readonly error: unknown } | undefined): void {
    this.#finished = true;
    const { error } = failure ?? {};
    this.#parts.ended(failure === undefined ? undefined : () => this.#errorOf(statusOrUnknown(error)), false);
    this.#interception?.ended(failure);
  }

  /** Ends the call with the status of an error; one that is none is the owner's to hear of, and the client's is UNKNOWN (P7). */
  #closeWith(error: unknown): void {
    if (statusOfError(error) === undefined) this.report(error);
    this.#close(statusOrUnknown(error));
  }

  /** The end, for good. */
  #close(status: StatusObject): void {
    const wasOver = this.isOver;
    this.#finished = true;
    if (this.#cancelled === undefined) this.#stream.finish(this.#withTrailer(status));
    if (!wasOver) {
      const error = (): RpcError => this.#errorOf(status);
      this.#parts.ended(status.code === Status.OK ? undefined : error, false);
      if (this.#interception !== undefined) this.#controller?.abort(error());
    }
    if (this.#interception !== undefined) this.#doneRunning();
    else this.#leaveWhenDone();
  }

  #withTrailer(status: StatusObject): StatusObject {
    if (this.#trailer === undefined) return status;
    const metadata = status.metadata.clone();
    metadata.merge(this.#trailer);
    return { code: status.code, details: status.details, metadata };
  }

  /** Tells the server's owner of an error that no client sees. */
  report(error: unknown): void {
    // A handler that stops because its call was cancelled has nothing to say.
    if (this.#cancelled !== undefined && (error === this.#cancelled || isAbortError(error))) return;
    try {
      this.#rules.onError(error, this.object);
    } catch (thrown) {
      warn(`onError threw: ${String(thrown)}`);
    }
  }

  #errorOf(status: StatusObject): RpcError {
    return RpcError.fromStatus(status, { method: this.method.path, peer: this.peer });
  }
}

/** The status of an error; one that is none says nothing of itself (P7). */
function statusOrUnknown(error: unknown): StatusObject {
  return statusOfError(error) ?? statusObject(Status.UNKNOWN, "the handler failed");
}

function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}

function isAbortError(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}
