import { startTimer, stopTimer } from "../../core/clock.js";
import { Deferred } from "../../core/deferred.js";
import { type StatusObject, statusObject } from "../../core/rpc-error.js";
import { status } from "../../core/status.js";
import { nextTurn } from "../../core/turn.js";
import type { ChannelStats } from "../transport.js";
import type { CallHome, HostedCall } from "../web-doors.js";

const SHUTTING_DOWN: StatusObject = statusObject(status.UNAVAILABLE, "the server is shutting down");
/** So long an answer has to leave, once its call was ended. */
const LAST_ANSWERS_MS = 1000;

/** The calls that arrive through an HTTP server that is not ours. */
export class HandlerHome implements CallHome {
  readonly hasTooMuchUnsent: boolean = false;
  readonly #calls = new Set<HostedCall>();
  #running = 0;
  #started = 0;
  #succeeded = 0;
  #failed = 0;
  #closed = false;
  #emptied: Deferred<void> | undefined;

  /** Whether it takes no more calls. */
  get closed(): boolean {
    return this.#closed;
  }

  callBegun(call: HostedCall): void {
    this.#calls.add(call);
    this.#running++;
    this.#started++;
  }

  callOver(call: HostedCall, code: status): void {
    this.#calls.delete(call);
    if (code === status.OK) this.#succeeded++;
    else this.#failed++;
  }

  callLeft(): void {
    if (--this.#running === 0) this.#emptied?.resolve();
  }

  stats(): ChannelStats {
    const calls = { started: this.#started, succeeded: this.#succeeded, failed: this.#failed };
    return { openCalls: this.#calls.size, waitingCalls: 0, connections: [], queuedBytes: 0, calls };
  }

  /** As a transport's. */
  async shutdown(graceMs: number): Promise<void> {
    this.#closed = true;
    if (graceMs > 0) await this.#empty(graceMs);
    else await new Promise<void>((resolve) => nextTurn(resolve)); // not from within the caller's stack
    for (const call of [...this.#calls]) call.abort(SHUTTING_DOWN);
    await this.#empty(LAST_ANSWERS_MS);
  }

  /** Resolves when the last call has left, or after so many milliseconds. */
  #empty(ms: number): Promise<void> {
    if (this.#running === 0) return Promise.resolve();
    const emptied = new Deferred<void>();
    this.#emptied = emptied;
    const timer = startTimer(() => emptied.resolve(), ms);
    return emptied.promise.finally(() => stopTimer(timer));
  }
}
