/** What a client of a fleet does. */
export interface Plan {
  /** So many make unary calls, one after the other. */
  readonly workers: number;
  /** Milliseconds between a worker's calls. */
  readonly pauseMs: number;
  /** Conversations that stay open, and are begun anew where they end. */
  readonly streams: number;
  /** The deadline of a unary call. */
  readonly timeoutMs: number;
  /** As gRFC A2 has it, for clients that take one. */
  readonly serviceConfig?: object;
}

export const plan: Plan = { workers: 12, pauseMs: 2, streams: 12, timeoutMs: 2_000 };
