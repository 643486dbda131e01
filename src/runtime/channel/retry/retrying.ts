import { startTimer, stopTimer } from "../../core/clock.js";
import { Deferred } from "../../core/deferred.js";
import type { ChannelStats } from "../../transport/transport.js";
import { RetryCounts } from "./counts.js";
import type { RetryLimits } from "./limits.js";
import { BufferPool } from "./request-buffer.js";
import type { HostedCall, RetryHost } from "./retry-host.js";
import { RetryThrottle } from "./throttle.js";

/** The retried calls of one channel, and what they share. */
export class RetryingCalls implements RetryHost {
  readonly limits: RetryLimits;
  readonly pool: BufferPool;
  readonly throttle: RetryThrottle = new RetryThrottle();
  readonly counts: RetryCounts = new RetryCounts();
  closed = false;
  /** Those that may have to be sent again. */
  readonly #uncommitted = new Set<HostedCall>();
  #settled: Deferred<void> | undefined;

  constructor(limits: RetryLimits) {
    this.limits = limits;
    this.pool = new BufferPool(limits.bufferBytes);
  }

  callBegun(call: HostedCall): void {
    this.counts.openCalls++;
    this.#uncommitted.add(call);
  }

  callCommitted(call: HostedCall): void {
    this.#uncommitted.delete(call);
    if (this.#uncommitted.size === 0) this.#settled?.resolve();
  }

  callOver(call: HostedCall): void {
    this.counts.openCalls--;
    this.callCommitted(call);
  }

  /** Resolves when every call has one attempt that it goes on with, or has ended; or when the time is over. */
  settled(ms: number): Promise<void> {
    const settled = new Deferred<void>();
    this.#settled = settled;
    if (this.#uncommitted.size === 0) settled.resolve();
    const timer = startTimer(() => settled.resolve(), ms);
    return settled.promise.finally(() => stopTimer(timer));
  }

  /** Nothing is sent again from now on; calls between two attempts end. */
  close(): void {
    this.closed = true;
    for (const call of [...this.#uncommitted]) call.channelClosed();
  }

  /** The channel's stats, with calls counted instead of their attempts. What is said of each connection stays about attempts. */
  statsOver(below: ChannelStats): ChannelStats {
    const { openCalls, openAttempts, extraAttempts, extraFailures } = this.counts;
    const { started, succeeded, failed } = below.calls;
    return {
      ...below,
      openCalls: below.openCalls - openAttempts + openCalls,
      calls: { started: started - extraAttempts, succeeded, failed: failed - extraFailures },
      retries: this.counts.stats(this.pool, this.throttle),
    };
  }
}
