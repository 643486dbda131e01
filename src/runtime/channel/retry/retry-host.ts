import type { RetryCounts } from "./counts.js";
import type { RetryLimits } from "./limits.js";
import type { BufferPool } from "./request-buffer.js";
import type { RetryThrottle } from "./throttle.js";

/** A call as its channel holds it. */
export interface HostedCall {
  /** The channel is closed: there will be no further attempts. */
  channelClosed(): void;
}

/** What the retried calls of one channel share. */
export interface RetryHost {
  readonly limits: RetryLimits;
  readonly pool: BufferPool;
  readonly throttle: RetryThrottle;
  readonly counts: RetryCounts;
  /** Whether the channel is closed: nothing is sent again. */
  readonly closed: boolean;
  callBegun(call: HostedCall): void;
  /** The call is one attempt from now on. */
  callCommitted(call: HostedCall): void;
  /** The call has its status. */
  callOver(call: HostedCall): void;
}
