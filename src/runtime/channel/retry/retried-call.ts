import { CLOSED_MEANWHILE } from "../../core/closed-channel.js";
import type { Metadata } from "../../core/metadata.js";
import type { CalledMethod } from "../../core/method.js";
import { type StatusObject, statusObject } from "../../core/rpc-error.js";
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
import type { Attempt, AttemptOwner } from "./attempt.js";
import type { PlanMaker } from "./attempt-plan.js";
import { AttemptScheduler, type ScheduledCall } from "./attempt-scheduler.js";
import { Attempts, PREVIOUS_ATTEMPTS } from "./attempts.js";
import { CommittedMessages } from "./committed-messages.js";
import { EncodedRequest, encodeTo } from "./encoded-request.js";
import { RequestBuffer } from "./request-buffer.js";
import type { HostedCall, RetryHost } from "./retry-host.js";
import { SentRequests } from "./sent-requests.js";

/**
 * One call that may be sent several times. It is committed to an attempt whose answer begins, or when it has sent more than may be kept:
 * from then on it is that attempt (gRFC A6, "When Retries are Valid").
 */
export class RetriedCall<InInit, Out>
  implements ClientStream<InInit, Out>, AttemptOwner<InInit, Out>, ScheduledCall<InInit, Out>, HostedCall
{
  readonly deadline: number;
  readonly #method: CalledMethod<InInit | EncodedRequest, Out>;
  readonly #listener: ClientListener;
  readonly #host: RetryHost;
  readonly #attempts: Attempts<InInit, Out>;
  readonly #requests: SentRequests<InInit, Out>;
  readonly #scheduler: AttemptScheduler<InInit, Out>;
  readonly #received = new CommittedMessages<Out>();
  #committed: Attempt<InInit, Out> | undefined;
  #over = false;

  constructor(
    channel: Channel,
    method: CalledMethod<InInit | EncodedRequest, Out>,
    options: StartOptions,
    listener: ClientListener,
    host: RetryHost,
    plan: PlanMaker,
  ) {
    this.deadline = options.deadline;
    this.#method = method;
    this.#listener = listener;
    this.#host = host;
    const buffer = new RequestBuffer(host.pool, host.limits.bufferBytesPerCall);
    this.#attempts = new Attempts(channel, method, options, this, host.counts);
    this.#requests = new SentRequests(buffer, options.highWaterMark);
    this.#scheduler = new AttemptScheduler(this, this.#attempts, this.#requests, host, plan);
    host.callBegun(this);
    this.#scheduler.begin();
  }

  get path(): string {
    return this.#method.path;
  }

  get peer(): string {
    return this.#shown()?.stream.peer ?? "unknown";
  }

  get connection(): CallConnection | undefined {
    return this.#shown()?.stream.connection;
  }

  get received(): ReceivedMessages<Out> {
    return this.#received;
  }

  write(message: InInit): boolean {
    if (this.#over) return false; // the status is on its way, and who sends waits for it
    if (this.#committed !== undefined) return this.#committed.write(message);
    return encodeTo(this.#method.request, message, (bytes) => this.#writeBytes(bytes));
  }

  closeSend(): void {
    if (this.#over || this.#requests.halfClosed) return;
    this.#requests.closeSend();
    const open = this.#committed === undefined ? this.#attempts.open : [this.#committed];
    for (const { stream } of open) stream.closeSend();
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

  finish(status: StatusObject): void {
    if (this.#over) return;
    this.#end(status);
    this.#listener.onStatus(status);
  }

  channelClosed(): void {
    if (this.#committed !== undefined || this.#over) return;
    this.finish(statusObject(Status.CANCELLED, CLOSED_MEANWHILE));
  }

  /** @internal */
  onFurtherAttempt(attempt: Attempt<InInit, Out>): void {
    if (this.#requests.overflowed) this.#commit(attempt);
    if (attempt.hasRoom) this.#drained();
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
    this.#attempts.ended(attempt, status);
    if (status.code === Status.OK) {
      this.#commit(attempt);
      this.#host.throttle.succeeded();
      this.finish(status);
    } else if (this.#committed === attempt) {
      this.#scheduler.committedFailed(status);
      this.finish(status);
    } else {
      this.#scheduler.attemptFailed(status);
    }
  }

  /** The attempt that the call is, as far as that is known. */
  #shown(): Attempt<InInit, Out> | undefined {
    return this.#committed ?? this.#attempts.latest;
  }

  #writeBytes(bytes: Uint8Array): boolean {
    if (this.#requests.fits(bytes.length)) return this.#requests.write(bytes, this.#attempts.open);
    if (!this.#requests.overflowed) this.#host.counts.overflowed++;
    const attempt = this.#attempts.furthest;
    if (attempt === undefined) return this.#requests.writeBeyond(bytes);
    this.#commit(attempt);
    return attempt.write(new EncodedRequest(bytes));
  }

  #commit(attempt: Attempt<InInit, Out>): void {
    if (this.#committed !== undefined) return;
    this.#committed = attempt;
    this.#received.source = attempt.stream.received;
    this.#settleOn(attempt);
    this.#host.callCommitted(this);
  }

  #end(status: StatusObject): void {
    this.#over = true;
    this.#settleOn(this.#committed);
    // Every failed attempt is counted as an extra one; the one whose status is the call's is not extra.
    if (status.code !== Status.OK) this.#host.counts.extraFailures--;
    this.#host.callOver(this);
  }

  /** Nothing is sent again from now on. */
  #settleOn(attempt: Attempt<InInit, Out> | undefined): void {
    this.#scheduler.forgetWake();
    this.#requests.release();
    this.#attempts.keepOnly(attempt);
  }

  #drained(): void {
    if (this.#requests.takeDrain()) this.#listener.onDrain();
  }
}

function tell({ listener, status }: { readonly listener: ClientListener; readonly status: StatusObject }): void {
  listener.onStatus(status);
}
