import { inCleanContext } from "../../core/async-context.js";
import { DETAILS_KEY, encodeRetryInfo } from "../../core/error-details.js";
import { Metadata } from "../../core/metadata.js";
import type { StatusObject } from "../../core/rpc-error.js";
import { status } from "../../core/status.js";
import { soon } from "../../core/turn.js";

/** Limits the calls that a server runs at the same time. */
export interface AdmissionLimits {
  readonly maxRunningCalls: number;
  readonly maxQueuedCalls: number;
  readonly retryAfterMs: number;
}

/** A call that wants to run. */
export interface Entrant {
  /** It may run. From a fresh stack; the call may be over by then. */
  admitted(): void;
}

/** Gives calls their places, and lets a bounded number of further ones wait for theirs, in order. */
export class Admission {
  /** The status of a call that can neither run nor wait: RESOURCE_EXHAUSTED, with a `google.rpc.RetryInfo`. */
  readonly refusal: StatusObject;
  readonly #limits: AdmissionLimits;
  readonly #queue = new Set<Entrant>();
  #running = 0;

  constructor(limits: AdmissionLimits) {
    this.#limits = limits;
    const { maxRunningCalls, retryAfterMs } = limits;
    const code = status.RESOURCE_EXHAUSTED;
    const details = `the server runs as many calls as it may, ${maxRunningCalls} (maxRunningCalls)`;
    const metadata = new Metadata();
    metadata.set(DETAILS_KEY, encodeRetryInfo(code, details, retryAfterMs));
    this.refusal = { code, details, metadata };
  }

  /** Calls that have a place. */
  get running(): number {
    return this.#running;
  }

  /** Calls that wait for one. */
  get queued(): number {
    return this.#queue.size;
  }

  /** Whether there is a place now, or one in the queue: then `admitted` follows. Whatever was not refused must leave. */
  enter(call: Entrant): "now" | "later" | "refused" {
    if (this.#running < this.#limits.maxRunningCalls) {
      this.#running++;
      return "now";
    }
    if (this.#queue.size >= this.#limits.maxQueuedCalls) return "refused";
    this.#queue.add(call);
    return "later";
  }

  /** The call is over and nothing of it runs, or it waits no longer. */
  leave(call: Entrant): void {
    if (this.#queue.delete(call)) return;
    const [first] = this.#queue;
    if (first === undefined) {
      this.#running--;
      return;
    }
    this.#queue.delete(first);
    // Not on the stack, nor in the asynchronous context, of the call that made room (P18).
    inCleanContext(() => soon(admit, first));
  }
}

function admit(call: Entrant): void {
  call.admitted();
}
