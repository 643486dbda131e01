import { monotonicMs } from "../../core/clock.js";
import * as events from "../../core/diagnostics.js";
import { RpcError, type StatusObject, statusObject } from "../../core/rpc-error.js";
import { status as Status } from "../../core/status.js";
import type { Attempt } from "./attempt.js";
import type { AttemptPlan, PlanMaker, PlannedCall } from "./attempt-plan.js";
import type { Attempts } from "./attempts.js";
import type { RetryHost } from "./retry-host.js";
import type { SentRequests } from "./sent-requests.js";
import { type Sleeper, WakeTimer } from "./wake-timer.js";

/** The call whose attempts are scheduled. */
export interface ScheduledCall<InInit, Out> {
  readonly path: string;
  readonly peer: string;
  readonly deadline: number;
  /** A further attempt was given all that there is. */
  onFurtherAttempt(attempt: Attempt<InInit, Out>): void;
  finish(status: StatusObject): void;
}

/** A server's timer may be a moment before ours. */
const DEADLINE_SLACK_MS = 10;
const NO_FAILURE = statusObject(Status.UNKNOWN, "");

/** Begins the attempts of one call when its plan says so, as long as there is time, until the call is committed or over. */
export class AttemptScheduler<InInit, Out> implements PlannedCall, Sleeper {
  readonly #call: ScheduledCall<InInit, Out>;
  readonly #attempts: Attempts<InInit, Out>;
  readonly #requests: SentRequests<InInit, Out>;
  readonly #host: RetryHost;
  readonly #hedges: boolean;
  readonly #plan: AttemptPlan;
  readonly #startedAt = monotonicMs();
  #timer: WakeTimer | undefined;
  #lastFailure = NO_FAILURE;

  constructor(
    call: ScheduledCall<InInit, Out>,
    attempts: Attempts<InInit, Out>,
    requests: SentRequests<InInit, Out>,
    host: RetryHost,
    plan: PlanMaker,
  ) {
    this.#call = call;
    this.#attempts = attempts;
    this.#requests = requests;
    this.#host = host;
    this.#hedges = plan.hedges;
    this.#plan = plan.make(this);
  }

  get attempts(): number {
    return this.#attempts.begun;
  }

  get open(): number {
    return this.#attempts.open.length;
  }

  get lastFailure(): StatusObject {
    return this.#lastFailure;
  }

  begin(): void {
    this.#attempts.start();
    this.#plan.onBegun();
  }

  /** An attempt ended, other than with OK and before it had a header. */
  attemptFailed(status: StatusObject): void {
    this.#lastFailure = status;
    if (this.#pastDeadline(status) || this.#host.closed) this.finish(status);
    else this.#plan.onFailed(status);
  }

  /** The attempt that the call was committed to failed. */
  committedFailed(status: StatusObject): void {
    this.#plan.onCommittedFailed(status);
  }

  startAttempt(reason: string): void {
    const { counts } = this.#host;
    if (this.#hedges) counts.hedges++;
    else counts.retries++;
    counts.extraAttempts++;
    if (events.retry.hasSubscribers) {
      const { path, peer } = this.#call;
      events.retry.publish({ method: path, peer, reason, attempt: this.attempts + 1 });
    }
    const attempt = this.#attempts.start();
    try {
      this.#requests.replayTo(attempt);
    } catch (error) {
      // A limit of what may be sent, that the earlier attempts did not have: another connection's, for one.
      this.finish(error instanceof RpcError ? error : statusObject(Status.INTERNAL, String(error)));
      return;
    }
    this.#call.onFurtherAttempt(attempt);
  }

  wake(delayMs: number): void {
    this.#timer ??= new WakeTimer(this.#call.deadline, this);
    this.#timer.start(delayMs);
  }

  forgetWake(): void {
    this.#timer?.stop();
  }

  finish(status: StatusObject): void {
    this.#call.finish(status);
  }

  noteThrottled(): void {
    this.#host.counts.throttled++;
  }

  /** @internal */
  onTime(): void {
    this.#plan.onTime();
  }

  /** @internal Where attempts are open, they hear of it by themselves. */
  onDeadline(): void {
    if (this.open > 0) return;
    const ms = Math.round(monotonicMs() - this.#startedAt);
    const { code, details } = this.#lastFailure;
    const waited = `waiting to send the call again: attempt ${this.attempts} ended with ${Status[code]}: ${details}`;
    this.finish(statusObject(Status.DEADLINE_EXCEEDED, `deadline exceeded after ${ms} ms, ${waited}`));
  }

  /** Whether an attempt ended for its time, which is the call's. */
  #pastDeadline({ code }: StatusObject): boolean {
    return code === Status.DEADLINE_EXCEEDED && monotonicMs() >= this.#call.deadline - DEADLINE_SLACK_MS;
  }
}
