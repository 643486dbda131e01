import type { StatusObject } from "../../core/rpc-error.js";

/** A call whose attempts a plan decides about. */
export interface PlannedCall {
  /** Attempts that have been started. */
  readonly attempts: number;
  /** Of these, those that have no status yet. */
  readonly open: number;
  /** How the last attempt ended that failed; UNKNOWN before any did. */
  readonly lastFailure: StatusObject;
  /** Starts one more. */
  startAttempt(reason: string): void;
  /** Tells the plan after so many milliseconds ({@link AttemptPlan.onTime}); an earlier request is forgotten. */
  wake(delayMs: number): void;
  /** No longer. */
  forgetWake(): void;
  /** The call ends so. */
  finish(status: StatusObject): void;
  /** An attempt was due and is left out, for want of tokens. */
  noteThrottled(): void;
}

/** When a call is sent again: by a retry policy or by a hedging policy. Not called any more once the call is committed or over. */
export interface AttemptPlan {
  /** The first attempt has been started. */
  onBegun(): void;
  /** An attempt ended, other than with OK and before it had a header. */
  onFailed(status: StatusObject): void;
  /** The time that was asked for has come. */
  onTime(): void;
  /** A failure of the attempt that the call was committed to, for the count of tokens. */
  onCommittedFailed(status: StatusObject): void;
}

/** Makes the plan of one call. */
export interface PlanMaker {
  /** Whether its attempts stand beside each other. */
  readonly hedges: boolean;
  make(call: PlannedCall): AttemptPlan;
}
