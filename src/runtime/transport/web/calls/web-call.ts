import type { Metadata } from "../../../core/metadata.js";
import { RpcError, type StatusObject, statusObject } from "../../../core/rpc-error.js";
import { status } from "../../../core/status.js";
import { soon } from "../../../core/turn.js";
import { answerTooLarge } from "../../../wire/answer-size.js";
import { codeOfClientReset } from "../../../wire/deadline-code.js";
import { type DeadlineBucket, type DeadlineEntry, deadlines } from "../../../wire/deadline-queue.js";
import type { CallConnection, ReceivedMessages, ServerListener, ServerStream } from "../../transport.js";
import type { CallHome, HostedCall } from "../../web-doors.js";
import type { Exchange, ExchangeListener, Headers } from "../exchange.js";
import { readWebMetadata } from "../request-metadata.js";
import type { WebMethod } from "../web-method.js";

/** The data that every call begins with. */
export interface WebCallStart {
  readonly exchange: Exchange;
  readonly method: WebMethod;
  readonly home: CallHome;
  /** On the monotonic clock. */
  readonly deadline: number;
}

/** One call that came in by a door for browsers: what is the same for all its protocols. */
export abstract class WebCall implements ServerStream<unknown, never>, HostedCall, ExchangeListener, DeadlineEntry {
  readonly deadline: number;
  abstract readonly received: ReceivedMessages<unknown>;
  next: HostedCall | undefined = undefined;
  previous: HostedCall | undefined = undefined;
  list: object | undefined = undefined;
  deadlineBucket: DeadlineBucket | undefined = undefined;
  laterDeadline: DeadlineEntry | undefined = undefined;
  earlierDeadline: DeadlineEntry | undefined = undefined;
  protected readonly exchange: Exchange;
  protected readonly method: WebMethod;
  protected listener: ServerListener | undefined;
  readonly #home: CallHome;
  #metadata: Metadata | undefined;
  #wantsDrain = false;
  #requestEnded = false;
  #halfCloseTold = false;
  /** The call has its status; there may be bytes of its answer on this side. */
  #over = false;
  #handlerDone = false;
  /** Nothing of it can go out any more. */
  #exchangeOver = false;
  #left = false;

  constructor({ exchange, method, home, deadline }: WebCallStart) {
    this.exchange = exchange;
    this.method = method;
    this.#home = home;
    this.deadline = deadline;
    if (deadline !== Number.POSITIVE_INFINITY) deadlines.add(this);
  }

  /** Lets the method's server take the call. */
  begin(): void {
    this.#home.callBegun(this);
    this.listener = this.method.server.accept(this);
    this.exchange.listen(this);
  }

  get path(): string {
    return this.method.server.method.path;
  }

  get peer(): string {
    return this.exchange.peer;
  }

  get connection(): CallConnection {
    const { peer, tls, authority } = this.exchange;
    return { peer, tls, authority };
  }

  get metadata(): Metadata {
    this.#metadata ??= readWebMetadata(this.exchange.headers);
    return this.#metadata;
  }

  get over(): boolean {
    return this.#over;
  }

  abstract sendHeader(header: Metadata): void;
  abstract write(message: never): boolean;
  /** Sends the status behind what was written. */
  protected abstract answer(result: StatusObject): void;
  /** Takes in bytes of the body; true where there is something new to take. */
  protected abstract take(bytes: Uint8Array, start: number, end: number): boolean;
  /** Keeps what was taken in and not read. */
  protected abstract hold(): void;
  /** What is wrong with the request, where its body ends here; it may be the last to become readable. */
  protected abstract bodyEnded(): StatusObject | undefined;

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
    this.listener?.onCancel(result);
    // A status cannot overtake what waits for the client.
    if (this.exchange.queuedBytes > 0) this.#breakOff();
    else this.#answer(result);
  }

  /** @internal */
  onDeadline(): void {
    if (this.#over) this.#breakOff();
    else this.abort(statusObject(status.DEADLINE_EXCEEDED, "deadline exceeded"));
  }

  /** @internal */
  onData(bytes: Uint8Array, start: number, end: number): void {
    if (this.#over) {
      this.exchange.consumed(end - start);
      return;
    }
    if (this.take(bytes, start, end)) this.listener?.onReadable();
    this.hold();
  }

  /** @internal */
  onEnd(): void {
    this.#requestEnded = true;
    if (this.#over) return;
    const fault = this.bodyEnded();
    if (fault !== undefined) {
      this.abort(fault);
      return;
    }
    if (this.#over) return; // what became readable at the end may have ended it
    this.#halfCloseTold = true;
    this.listener?.onHalfClose();
  }

  /** @internal */
  onWritable(): void {
    const { queuedBytes } = this.exchange;
    if (this.#over) {
      if (queuedBytes === 0) this.#answerSent();
      return;
    }
    if (!this.#wantsDrain) return;
    const { highWaterMark } = this.method.limits;
    if (queuedBytes > highWaterMark / 2 || (queuedBytes > 0 && this.#home.hasTooMuchUnsent)) return;
    this.#wantsDrain = false;
    soon(drainOf, this); // bytes may have gone out inside of somebody's `write`
  }

  /** @internal */
  drained(): void {
    if (!this.#over) this.listener?.onDrain();
  }

  /** @internal */
  onReset(why: string): void {
    deadlines.remove(this);
    if (!this.#over) {
      const code = codeOfClientReset(this.deadline);
      this.#settle(code);
      this.listener?.onCancel(statusObject(code, why));
    }
    this.#exchangeEnded();
  }

  /** @internal */
  onFault(why: string): void {
    this.#requestEnded = true;
    this.abort(statusObject(status.INTERNAL, why));
  }

  /** @internal */
  onConsumed(bytes: number): void {
    this.exchange.consumed(bytes);
  }

  /** Whether more may be written now; if not, `onDrain` follows. */
  protected hasRoom(): boolean {
    const waiting = this.exchange.queuedBytes;
    if (waiting === 0) return true;
    if (waiting <= this.method.limits.highWaterMark && !this.#home.hasTooMuchUnsent) return true;
    if (!this.exchange.tellsWhenSent) return true;
    this.#wantsDrain = true;
    return false;
  }

  /** Whether the client would not take these headers. */
  protected sizeFault(headers: Headers, metadata: Metadata, what: string): StatusObject | undefined {
    const { maxHeaderBytes, headerLimitOwner } = this.exchange;
    return answerTooLarge(headers, metadata, what, maxHeaderBytes, headerLimitOwner);
  }

  /** @throws RpcError where the client would not take these headers */
  protected checkSize(headers: Headers, metadata: Metadata, what: string): void {
    const fault = this.sizeFault(headers, metadata, what);
    if (fault !== undefined) throw new RpcError(fault.code, fault.details);
  }

  #answer(result: StatusObject): void {
    this.answer(result);
    if (this.exchange.queuedBytes === 0) this.#answerSent();
    else if (this.deadline !== Number.POSITIVE_INFINITY) deadlines.add(this);
  }

  /** The answer is complete; a client that still sends is told to stop, without harm to the answer (P15). */
  #answerSent(): void {
    deadlines.remove(this);
    if (!this.#requestEnded) this.exchange.dropRequest();
    this.#exchangeEnded();
  }

  #breakOff(): void {
    deadlines.remove(this);
    this.exchange.abort();
    this.#exchangeEnded();
  }

  #settle(code: status): void {
    this.#over = true;
    deadlines.remove(this);
    this.#home.callOver(this, code);
  }

  #exchangeEnded(): void {
    this.#exchangeOver = true;
    this.#leaveWhenDone();
  }

  /** It counts against the limit of calls while its exchange is there, and while its handler may be running. */
  #leaveWhenDone(): void {
    if (this.#left || !this.#exchangeOver) return;
    // A handler of one request begins with the half-close.
    const begun = this.method.streamsRequests || this.#halfCloseTold;
    if (begun && !this.#handlerDone) return;
    this.#left = true;
    this.#home.callLeft();
  }
}

function drainOf(call: WebCall): void {
  call.drained();
}
