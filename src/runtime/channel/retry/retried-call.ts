import { monotonicMs } from "../../core/clock.js";
import { CLOSED_MEANWHILE } from "../../core/closed-channel.js";
import { events } from "../../core/diagnostics.js";
import type { Metadata } from "../../core/metadata.js";
import type { CalledMethod } from "../../core/method.js";
import { RpcError, type StatusObject, statusObject } from "../../core/rpc-error.js";
import { status as Status } from "../../core/status.js";
import { soon } from "../../core/turn.js";
import type {
  CallConnection,
  Channel,
  ClientListener,
  ClientStream,
  ReceivedMessages,
  StartOptions,
} from "../../transport/transport.js";
import { Attempt, type AttemptOwner } from "./attempt.js";
import type { AttemptPlan, PlanMaker, PlannedCall } from "./attempt-plan.js";
import { CommittedMessages } from "./committed-messages.js";
import { EncodedRequest, encodeTo } from "./encoded-request.js";
import { RequestBuffer } from "./request-buffer.js";
import type { RetryHost } from "./retry-host.js";
import { type Sleeper, WakeTimer } from "./wake-timer.js";

/** How many attempts came before (gRFC A6, "Exposed Retry Metadata"); absent in the first. */
const PREVIOUS_ATTEMPTS = "grpc-previous-rpc-attempts";

/**
 * One call that may be sent several times. Until it is committed, its requests are kept, encoded, and each attempt is sent all
 * of them. It is committed to an attempt whose answer begins, or when it has sent more than may be kept: from then on it is that
 * attempt (gRFC A6, "When Retries are Valid").
 */
export class RetriedCall<InInit, Out>
  implements ClientStream<InInit, Out>, AttemptOwner<InInit, Out>, PlannedCall, Sleeper
{
  readonly #channel: Channel;
  readonly #method: CalledMethod<InInit | EncodedRequest, Out>;
  readonly #options: StartOptions;
  readonly #listener: ClientListener;
  readonly #host: RetryHost;
  readonly #hedges: boolean;
  readonly #plan: AttemptPlan;
  readonly #requests: RequestBuffer;
  readonly #received = new CommittedMessages<Out>();
  readonly #startedAt = monotonicMs();
  /** Attempts that have no status yet, the oldest first. */
  #open: Attempt<InInit, Out>[] = [];
  #latest: Attempt<InInit, Out> | undefined;
  #committed: Attempt<InInit, Out> | undefined;
  #attempts = 0;
  /** What is kept is more than may be kept: the next attempt is the last. */
  #overflowed = false;
  #halfClosed = false;
  #wantsDrain = false;
  #over = false;
  #timer: WakeTimer | undefined;
  #lastFailure = "";

  constructor(
    channel: Channel,
    method: CalledMethod<InInit | EncodedRequest, Out>,
    options: StartOptions,
    listener: ClientListener,
    host: RetryHost,
    plan: PlanMaker,
  ) {
    this.#channel = channel;
    this.#method = method;
    this.#options = options;
    this.#listener = listener;
    this.#host = host;
    this.#requests = new RequestBuffer(host.pool, host.limits.bufferBytesPerCall);
    this.#hedges = plan.hedges;
    this.#plan = plan.make(this);
    host.callBegun(this);
    this.#start();
    this.#plan.onBegun();
  }

  get peer(): string {
    return (this.#committed ?? this.#latest)?.stream.peer ?? "unknown";
  }

  get connection(): CallConnection | undefined {
    return (this.#committed ?? this.#latest)?.stream.connection;
  }

  get received(): ReceivedMessages<Out> {
    return this.#received;
  }

  get attempts(): number {
    return this.#attempts;
  }

  get open(): number {
    return this.#open.length;
  }

  write(message: InInit): boolean {
    if (this.#over) return false; // the status is on its way, and who sends waits for it
    if (this.#committed !== undefined) return this.#committed.write(message);
    return encodeTo(this.#method.request, message, (bytes) => this.#writeBytes(bytes));
  }

  closeSend(): void {
    if (this.#over || this.#halfClosed) return;
    this.#halfClosed = true;
    for (const attempt of this.#committed === undefined ? this.#open : [this.#committed]) attempt.stream.closeSend();
  }

  cancel(code: Status, details: string): void {
    if (this.#over) return;
    if (this.#committed !== undefined) {
      this.#committed.stream.cancel(code, details); // its status follows
      return;
    }
    const status = statusObject(code, details);
    this.#end(status);
    soon(tell, { listener: this.#listener, status });
  }

  startAttempt(reason: string): void {
    if (this.#hedges) this.#host.counts.hedges++;
    else this.#host.counts.retries++;
    this.#host.counts.extraAttempts++;
    if (events.retry.hasSubscribers) {
      const attempt = this.#attempts + 1;
      events.retry.publish({ method: this.#method.path, peer: this.peer, reason, attempt });
    }
    const attempt = this.#start();
    try {
      for (const request of this.#requests.messages()) attempt.write(request);
    } catch (error) {
      // A limit of what may be sent, that the earlier attempts did not have: another connection's, for one.
      const status = error instanceof RpcError ? error : statusObject(Status.INTERNAL, String(error));
      this.finish(status);
      return;
    }
    if (this.#halfClosed) attempt.stream.closeSend();
    if (this.#overflowed) this.#commit(attempt);
    if (attempt.hasRoom) this.#drained();
  }

  wake(delayMs: number): void {
    this.#timer ??= new WakeTimer(this.#options.deadline, this);
    this.#timer.start(delayMs);
  }

  forgetWake(): void {
    this.#timer?.stop();
  }

  finish(status: StatusObject): void {
    if (this.#over) return;
    this.#end(status);
    this.#listener.onStatus(status);
  }

  noteThrottled(): void {
    this.#host.counts.throttled++;
  }

  /** The channel is closed: there will be no further attempts. */
  channelClosed(): void {
    if (this.#committed !== undefined || this.#over) return;
    this.finish(statusObject(Status.CANCELLED, CLOSED_MEANWHILE));
  }

  /** @internal */
  onAttemptHeader(attempt: Attempt<InInit, Out>, header: Metadata): void {
    if (attempt.dropped || this.#over) return;
    this.#commit(attempt);
    if (attempt.previous > 0) header.set(PREVIOUS_ATTEMPTS, String(attempt.previous));
    this.#listener.onHeader(header);
  }

  /** @internal */
  onAttemptReadable(attempt: Attempt<InInit, Out>): void {
    if (attempt.dropped || this.#over) return;
    this.#commit(attempt);
    this.#listener.onReadable();
  }

  /** @internal */
  onAttemptDrain(attempt: Attempt<InInit, Out>): void {
    if (attempt.dropped || this.#over) return;
    if (this.#committed === attempt) this.#listener.onDrain();
    else this.#drained();
  }

  /** @internal */
  onAttemptStatus(attempt: Attempt<InInit, Out>, status: StatusObject): void {
    if (attempt.dropped || this.#over) return;
    const { counts, throttle } = this.#host;
    counts.openAttempts--;
    if (status.code !== Status.OK) counts.extraFailures++;
    this.#open = this.#open.filter((one) => one !== attempt);
    if (status.code === Status.OK) {
      this.#commit(attempt);
      throttle.succeeded();
      this.finish(status);
    } else if (this.#committed === attempt) {
      this.#plan.onCommittedFailed(status);
      this.finish(status);
    } else {
      this.#lastFailure = `${Status[status.code]}: ${status.details}`;
      if (this.#pastDeadline(status) || this.#host.closed) this.finish(status);
      else this.#plan.onFailed(status);
    }
  }

  /** @internal */
  onTime(): void {
    this.#plan.onTime();
  }

  /** @internal Where attempts are open, they hear of it by themselves. */
  onDeadline(): void {
    if (this.#open.length > 0) return;
    const ms = Math.round(monotonicMs() - this.#startedAt);
    const waited = `waiting to send the call again: attempt ${this.#attempts} ended with ${this.#lastFailure}`;
    this.finish(statusObject(Status.DEADLINE_EXCEEDED, `deadline exceeded after ${ms} ms, ${waited}`));
  }

  #start(): Attempt<InInit, Out> {
    const previous = this.#attempts++;
    const attempt = new Attempt<InInit, Out>(previous, this);
    this.#host.counts.openAttempts++;
    this.#open.push(attempt);
    attempt.stream = this.#channel.start(this.#method, this.#optionsOf(previous), attempt);
    this.#latest = attempt;
    return attempt;
  }

  #optionsOf(previous: number): StartOptions {
    if (previous === 0) return this.#options;
    const metadata = this.#options.metadata.clone(); // the first attempt may keep its own
    metadata.set(PREVIOUS_ATTEMPTS, String(previous));
    return { ...this.#options, metadata };
  }

  #writeBytes(bytes: Uint8Array): boolean {
    if (!this.#requests.fits(bytes.length)) return this.#overflow(bytes);
    this.#requests.add(bytes);
    return this.#writeAll(bytes);
  }

  #writeAll(bytes: Uint8Array): boolean {
    const request = new EncodedRequest(bytes);
    let room = this.#open.length === 0 && this.#requests.size <= this.#options.highWaterMark;
    for (const attempt of this.#open) if (attempt.write(request)) room = true;
    if (!room) this.#wantsDrain = true;
    return room;
  }

  /** More than may be kept: the attempt that is there is the last. */
  #overflow(bytes: Uint8Array): boolean {
    if (!this.#overflowed) this.#host.counts.overflowed++;
    this.#overflowed = true;
    // All attempts were given all there is; one that has room has sent the most of it.
    const attempt = this.#open.find((one) => one.hasRoom) ?? this.#open[0];
    if (attempt === undefined) {
      this.#requests.add(bytes); // between two attempts there is nowhere else to put it
      this.#wantsDrain = true;
      return false;
    }
    this.#commit(attempt);
    return attempt.write(new EncodedRequest(bytes));
  }

  #commit(attempt: Attempt<InInit, Out>): void {
    if (this.#committed !== undefined) return;
    this.#committed = attempt;
    this.#received.source = attempt.stream.received;
    this.#dropOthers(attempt);
    this.#host.callCommitted(this);
  }

  #end(status: StatusObject): void {
    this.#over = true;
    this.#dropOthers(this.#committed);
    // Of the attempts that failed, or still will, one stands for the call.
    if (status.code !== Status.OK) this.#host.counts.extraFailures--;
    this.#host.callOver(this);
  }

  #dropOthers(kept: Attempt<InInit, Out> | undefined): void {
    this.forgetWake();
    this.#requests.release();
    const others = this.#open.filter((one) => one !== kept);
    this.#open = kept !== undefined && this.#open.includes(kept) ? [kept] : [];
    for (const attempt of others) {
      attempt.dropped = true;
      this.#host.counts.openAttempts--;
      this.#host.counts.extraFailures++;
      attempt.stream.cancel(Status.CANCELLED, "the call needs this attempt no longer");
    }
  }

  #drained(): void {
    if (!this.#wantsDrain) return;
    this.#wantsDrain = false;
    this.#listener.onDrain();
  }

  /** Whether an attempt ended for its time, which is the call's. */
  #pastDeadline(status: StatusObject): boolean {
    return status.code === Status.DEADLINE_EXCEEDED && monotonicMs() >= this.#options.deadline - DEADLINE_SLACK_MS;
  }
}

/** A server's timer may be a moment before ours. */
const DEADLINE_SLACK_MS = 10;

function tell({ listener, status }: { readonly listener: ClientListener; readonly status: StatusObject }): void {
  listener.onStatus(status);
}
