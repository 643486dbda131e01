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
  readonly keepaliveTimeMs: number;
  readonly keepaliveTimeoutMs: number;
  /** How often DNS may be asked, where the client lets one say. */
  readonly dnsRefreshMs: number;
  /** As gRFC A2 has it, for clients that take one. */
  readonly serviceConfig?: object;
}

/** The keepalive is the shortest that grpc-go allows. */
export const plan: Plan = {
  workers: 12,
  pauseMs: 2,
  streams: 12,
  timeoutMs: 1_000,
  keepaliveTimeMs: 10_000,
  keepaliveTimeoutMs: 1_000,
  dnsRefreshMs: 1_000,
};

/** For suites that count every call: no deadline passes because the machine is busy. */
export const patient: Plan = { ...plan, timeoutMs: 30_000 };
