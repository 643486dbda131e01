import type { StatusObject } from "../../core/rpc-error.js";
import { status as Status } from "../../core/status.js";
import type { ParsedHedgingPolicy } from "../service-config/index.js";
import type { AttemptPlan, PlannedCall } from "./attempt-plan.js";
import { pushbackOf } from "./pushback.js";
import type { RetryThrottle } from "./throttle.js";

/** Attempts beside each other, until one is answered (gRFC A6, "Hedging Policy"). */
export class HedgingPlan implements AttemptPlan {
  readonly #policy: ParsedHedgingPolicy;
  readonly #maxAttempts: number;
  readonly #throttle: RetryThrottle;
  readonly #call: PlannedCall;
  /** No further attempts, whatever happens. */
  #stopped = false;
  /** A further attempt is asked for, and its time has not come. */
  #waiting = false;

  constructor(policy: ParsedHedgingPolicy, maxAttempts: number, throttle: RetryThrottle, call: PlannedCall) {
    this.#policy = policy;
    this.#maxAttempts = maxAttempts;
    this.#throttle = throttle;
    this.#call = call;
  }

  onBegun(): void {
    this.#continue();
  }

  onFailed(status: StatusObject): void {
    const nonFatal = this.#policy.nonFatalStatusCodes.has(status.code);
    const pushback = pushbackOf(status.metadata);
    this.#count(nonFatal, pushback === "never");
    if (!nonFatal) {
      this.#call.finish(status);
      return;
    }
    if (pushback === "never") this.#stop();
    else if (typeof pushback === "number") this.#wakeIn(pushback);
    else this.#next(`an attempt ended with ${Status[status.code]}: ${status.details}`);
    this.#finishIfAllFailed();
  }

  onTime(): void {
    this.#waiting = false;
    this.#next(`no answer within ${this.#policy.hedgingDelayMs} ms`);
    this.#finishIfAllFailed();
  }

  onCommittedFailed(status: StatusObject): void {
    this.#count(this.#policy.nonFatalStatusCodes.has(status.code), pushbackOf(status.metadata) === "never");
  }

  #mayGoOn(): boolean {
    return !this.#stopped && this.#call.attempts < this.#maxAttempts;
  }

  /** One more attempt now, where the tokens allow it, and the next by the delay. */
  #next(reason: string): void {
    if (!this.#mayGoOn()) return;
    if (!this.#throttle.allows) {
      this.#call.noteThrottled();
      this.#stop();
      return;
    }
    this.#waiting = false;
    this.#call.forgetWake();
    this.#call.startAttempt(reason);
    this.#continue();
  }

  #continue(): void {
    const { hedgingDelayMs } = this.#policy;
    if (hedgingDelayMs > 0) this.#wakeIn(hedgingDelayMs);
    else this.#next("all attempts are sent at once");
  }

  #wakeIn(delayMs: number): void {
    if (!this.#mayGoOn()) return;
    this.#waiting = true;
    this.#call.wake(delayMs);
  }

  #stop(): void {
    this.#stopped = true;
    this.#waiting = false;
    this.#call.forgetWake();
  }

  #finishIfAllFailed(): void {
    if (this.#call.open === 0 && !this.#waiting) this.#call.finish(this.#call.lastFailure);
  }

  #count(nonFatal: boolean, unwanted: boolean): void {
    if (nonFatal || unwanted) this.#throttle.failed();
  }
}
