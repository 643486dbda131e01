import type { AnyMethod } from "../../core/method.js";
import { RpcError, type StatusObject, statusObject } from "../../core/rpc-error.js";
import { status as Status } from "../../core/status.js";
import type { MessageRun, ReceivedMessages, ServerListener, ServerStream } from "../../transport/transport.js";
import { CallEntry, type EnteringCall } from "./call-entry.js";
import type { ServerCallParts } from "./call-parts.js";
import { callRunner, runAsCurrent } from "./call-runner.js";
import { CallSurface, type SurfacedCall } from "./call-surface.js";
import { statusOfError, statusOrUnknown } from "./error-status.js";
import { Interception } from "./interception.js";
import { isOfCancel, reportError } from "./report-error.js";
import { type HandlerOwner, runHandler } from "./run-handler.js";
import type { ServiceRules } from "./service-rules.js";
import type { ServerCall } from "./types.js";

/**
 * The life of a call on the server: it begins once nothing holds it, runs the handler once, and ends once: by the handler's
 * outcome, or by the transport's word that the call is over. Users never see it: the objects in their hands refer to one.
 */
export class ServerCallCore<In, OutInit> implements ServerListener, EnteringCall, HandlerOwner, SurfacedCall {
  readonly method: AnyMethod;
  /** The requests. */
  readonly received: ReceivedMessages<In>;
  readonly #stream: ServerStream<In, OutInit>;
  readonly #parts: ServerCallParts;
  readonly #rules: ServiceRules;
  readonly #entry: CallEntry | undefined;
  readonly #interception: Interception | undefined;
  #surface: CallSurface | undefined;
  /** What the handler holds of this call; set by the kind's maker. */
  object!: ServerCall;
  /** Interceptors and handler that are still running. */
  #running = 0;
  #finished = false;
  /** Why the call ended while its handler was running: a cancel, a deadline, a lost connection. */
  #cancelled: RpcError | undefined;
  /** Set by whatever ended the call before its handler did. */
  aborted: (() => RpcError) | undefined;

  constructor(stream: ServerStream<In, OutInit>, method: AnyMethod, parts: ServerCallParts, rules: ServiceRules) {
    this.#stream = stream;
    this.method = method;
    this.#parts = parts;
    this.#rules = rules;
    const { admission, interceptors } = rules;
    const isIntercepted = interceptors.length > 0;
    if (isIntercepted) this.#interception = new Interception(interceptors);
    if (isIntercepted || admission !== undefined) this.#entry = new CallEntry(this, admission, isIntercepted);
    this.received = this.#interception?.hooked(stream.received) ?? stream.received;
  }

  /** Lets the call begin: once it has its place among the running ones, and all interceptors have called `next()`. */
  open(): void {
    if (this.#entry === undefined) this.begin();
    else this.#entry.open();
  }

  turnAway(status: StatusObject): void {
    this.#finished = true;
    this.#stream.finish(status);
    this.#parts.ended(() => this.#errorOf(status), false);
    this.#stream.handlerDone();
  }

  intercept(release: () => void): void {
    this.#running++;
    runAsCurrent(this.object, () => {
      this.#interception?.run(this.object, release).then(
        () => this.#close(statusObject(Status.OK, "")),
        (error: unknown) => this.#closeWith(error),
      );
    });
  }

  begin(): void {
    this.#parts.opened();
  }

  onReadable(): void {
    if (this.#entry?.holds !== true && !this.isOver && this.received.waiting > 0) this.#parts.onReadable();
  }

  onHalfClose(): void {
    if (this.#entry?.holdsHalfClose() !== true && !this.isOver) this.#parts.onHalfClose();
  }

  onDrain(): void {
    this.#parts.onDrain();
  }

  onCancel(status: StatusObject): void {
    if (this.isOver) return;
    const error = this.#errorOf(status);
    const reason = (): RpcError => error;
    this.#cancelled = error;
    this.#parts.ended(reason, true);
    this.#abort(reason);
    this.#interception?.ended({ error });
    if (this.#running === 0 && this.#entry?.holds === true) this.#stream.handlerDone(); // none will run
    this.#leaveWhenDone();
  }

  /** Sends one message; as `ServerStream.write`. */
  write(message: OutInit): boolean {
    return this.#stream.write(this.#interception === undefined ? message : this.#interception.sent(message));
  }

  /** As {@link write}, for the next messages of a run. */
  writeRun(run: MessageRun<OutInit>): boolean {
    const stream = this.#stream;
    if (this.#interception !== undefined || stream.writeRun === undefined) return this.write(run.messages[run.at++]!);
    return stream.writeRun(run);
  }

  get surface(): CallSurface {
    this.#surface ??= new CallSurface(this, this.#stream);
    return this.#surface;
  }

  get compressed(): boolean | undefined {
    return this.#parts.compressed;
  }

  /** True once the call has ended, however. */
  get isOver(): boolean {
    return this.#finished || this.#cancelled !== undefined;
  }

  /** Runs the handler. */
  run(): void {
    if (this.#interception === undefined) this.#run();
    else this.#interception.within(() => this.#run());
  }

  #run(): void {
    this.#running++;
    if (callRunner === undefined) runHandler(this);
    else callRunner(this.object, () => runHandler(this));
  }

  callHandler(): unknown {
    return this.#parts.callHandler();
  }

  handlerReturned(outcome: unknown): void {
    let rest: Promise<void> | undefined;
    try {
      rest = this.#parts.completed(outcome);
    } catch (error) {
      this.#failed(error);
    }
    if (rest === undefined) this.#doneRunning();
    else
      rest.then(
        () => this.#doneRunning(),
        (error: unknown) => this.handlerThrew(error),
      );
  }

  handlerThrew(error: unknown): void {
    this.#failed(error);
    this.#doneRunning();
  }

  #doneRunning(): void {
    if (--this.#running > 0) return;
    this.#stream.handlerDone();
    this.#leaveWhenDone();
  }

  /** Gives the call's place to the next, once nothing of it runs. */
  #leaveWhenDone(): void {
    if (this.#running === 0 && this.isOver) this.#entry?.leave();
  }

  /** The handler threw: the call ends with one status (P7). */
  #failed(error: unknown): void {
    if (this.isOver) this.lateFailure(error);
    else if (this.#interception === undefined) this.#closeWith(error);
    else this.#endBelow({ error });
  }

  /** Ends the call and lets the server's owner know: a fault of the program, not of the client. */
  broken(error: RpcError): void {
    this.#report(error);
    this.finish(error, error);
  }

  /** A message cannot be sent. */
  sendFailed(error: RpcError): void {
    this.broken(error);
  }

  /** What `sendAll` was given threw. */
  sourceFailed(error: unknown): void {
    this.#failed(error);
  }

  /** An error that came when the call was over: only the server's owner can hear of it. */
  lateFailure(error: unknown): void {
    if (statusOfError(error) === undefined) this.#report(error);
  }

  /** What came is no message: the client's fault, which ends the call although its handler may be running. */
  receiveFailed(error: RpcError): void {
    if (this.isOver) return;
    this.finish(error, error);
    this.#abort(() => this.#errorOf(error));
  }

  receivedTooMany(): void {
    const details = `${this.method.path} takes one request, but several came`;
    this.receiveFailed(new RpcError(Status.UNIMPLEMENTED, details));
  }

  caughtUp(): void {}

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

  /** Ends the call with the status of an error. An error without a status goes to the server's `onError`, and the client gets UNKNOWN (P7). */
  #closeWith(error: unknown): void {
    if (statusOfError(error) === undefined) this.#report(error);
    this.#close(statusOrUnknown(error));
  }

  /** Ends the call. Nothing changes its status afterwards. */
  #close(status: StatusObject): void {
    const wasOver = this.isOver;
    this.#finished = true;
    if (this.#cancelled === undefined) this.#stream.finish(this.#surface?.withTrailer(status) ?? status);
    if (!wasOver) {
      const error = (): RpcError => this.#errorOf(status);
      this.#parts.ended(status.code === Status.OK ? undefined : error, false);
      if (this.#interception !== undefined) this.#abort(error);
    }
    if (this.#interception !== undefined) this.#doneRunning();
    else this.#leaveWhenDone();
  }

  /** The call is over before its handler is, whose signal tells it, be it asked for later. `error` makes the reason. */
  #abort(error: () => RpcError): void {
    this.aborted = error;
    this.#surface?.abort();
  }

  #report(error: unknown): void {
    if (!isOfCancel(error, this.#cancelled)) reportError(error, this.#rules.onError, this.object);
  }

  #errorOf(status: StatusObject): RpcError {
    return RpcError.fromStatus(status, { method: this.method.path, peer: this.#stream.peer });
  }
}
