import type { StatusObject } from "../../core/rpc-error.js";
import type { Admission, Entrant } from "./admission.js";

/** A call on its way to its handler. */
export interface EnteringCall {
  readonly isOver: boolean;
  /** There is no place for it: neither interceptors nor the handler hear of it. */
  turnAway(status: StatusObject): void;
  /** Runs its interceptors, with `release` as their innermost. */
  intercept(release: () => void): void;
  /** Nothing holds it any longer. */
  begin(): void;
  onReadable(): void;
  onHalfClose(): void;
}

/**
 * The way of a call to its handler, where something stands in it: it waits for its place among the running calls, then for all
 * interceptors to call `next()`. What comes meanwhile waits, and is told of when the call begins.
 */
export class CallEntry implements Entrant {
  readonly #call: EnteringCall;
  readonly #admission: Admission | undefined;
  readonly #isIntercepted: boolean;
  /** It has a place among the running calls, or waits for one. */
  #entered = false;
  #holds = false;
  #halfClosed = false;

  constructor(call: EnteringCall, admission: Admission | undefined, isIntercepted: boolean) {
    this.#call = call;
    this.#admission = admission;
    this.#isIntercepted = isIntercepted;
  }

  open(): void {
    const admission = this.#admission;
    if (admission === undefined) {
      this.#pass();
      return;
    }
    const place = admission.enter(this);
    if (place === "refused") {
      this.#call.turnAway(admission.refusal);
      return;
    }
    this.#entered = true;
    if (place === "now") this.#pass();
    else this.#holds = true;
  }

  admitted(): void {
    if (!this.#call.isOver) this.#pass();
  }

  /** Whether what comes has to wait. */
  get holds(): boolean {
    return this.#holds;
  }

  /** Whether the end of the requests has to wait; it is remembered. */
  holdsHalfClose(): boolean {
    this.#halfClosed = true;
    return this.#holds;
  }

  /** Gives the call's place to the next. The call is over, and nothing of it runs. */
  leave(): void {
    if (!this.#entered) return;
    this.#entered = false;
    this.#admission?.leave(this);
  }

  #pass(): void {
    if (!this.#isIntercepted) {
      this.#release();
      return;
    }
    this.#holds = true;
    this.#call.intercept(() => this.#release());
  }

  /** Begins the call, with what has come while it was held. */
  #release(): void {
    const held = this.#holds;
    this.#holds = false;
    if (this.#call.isOver) return;
    this.#call.begin();
    if (!held) return;
    this.#call.onReadable();
    if (this.#halfClosed) this.#call.onHalfClose();
  }
}
