import type { StatusObject } from "../../core/rpc-error.js";
import { status as Status } from "../../core/status.js";
import type { ParsedRetryPolicy } from "../service-config/index.js";
import type { AttemptPlan, PlannedCall } from "./attempt-plan.js";
import { pushbackOf } from "./pushback.js";
import { RetryBackoff } from "./retry-backoff.js";
import type { RetryThrottle } from "./throttle.js";

/** One attempt after another, each after a wait (gRFC A6, "Retry Policy Capabilities"). */
export class RetryPlan implements AttemptPlan {
  readonly #policy: ParsedRetryPolicy;
  readonly #maxAttempts: number;
  readonly #throttle: RetryThrottle;
  readonly #call: PlannedCall;
  #backoff: RetryBackoff | undefined;

  constructor(policy: ParsedRetryPolicy, maxAttempts: number, throttle: RetryThrottle, call: PlannedCall) {
    this.#policy = policy;
    this.#maxAttempts = maxAttempts;
    this.#throttle = throttle;
    this.#call = call;
  }

  onBegun(): void {}

  onFailed(status: StatusObject): void {
    const call = this.#call;
    const retryable = this.#policy.retryableStatusCodes.has(status.code);
    const pushback = pushbackOf(status.metadata);
    this.#count(retryable, pushback === "never");
    if (!retryable || pushback === "never" || call.attempts >= this.#maxAttempts) {
      call.finish(status);
      return;
    }
    if (!this.#throttle.allows) {
      call.noteThrottled();
      call.finish(status);
      return;
    }
    this.#backoff ??= new RetryBackoff(this.#policy);
    if (pushback !== undefined) this.#backoff.reset();
    call.wake(pushback ?? this.#backoff.next());
  }

  onTime(): void {
    const { code, details } = this.#call.lastFailure;
    this.#call.startAttempt(`attempt ${this.#call.attempts} ended with ${Status[code]}: ${details}`);
  }

  onCommittedFailed(status: StatusObject): void {
    this.#count(this.#policy.retryableStatusCodes.has(status.code), pushbackOf(status.metadata) === "never");
  }

  /** A status that is not the server's failure, such as INVALID_ARGUMENT, takes no token. */
  #count(retryable: boolean, unwanted: boolean): void {
    if (retryable || unwanted) this.#throttle.failed();
  }
}
