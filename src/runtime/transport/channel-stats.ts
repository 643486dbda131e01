/** Counts of calls since the beginning, by how they ended. */
export interface CallTotals {
  /** Calls that were begun, those that are open now included. */
  readonly started: number;
  /** Calls that ended with OK. */
  readonly succeeded: number;
  /** Calls that ended with another status than OK. */
  readonly failed: number;
}

/** One connection at this moment. */
export interface ConnectionStats {
  /** Tells connections of this process apart. */
  readonly id: number;
  /** `address:port` of the other end; "unknown" while connecting. */
  readonly peer: string;
  /** `address:port` of this end; undefined where there is none, or none yet. */
  readonly local?: string | undefined;
  /** "closing": it takes no new calls, and its open ones go on. */
  readonly state: "connecting" | "ready" | "closing";
  /** Calls that have no status yet. */
  readonly openCalls: number;
  /** Bytes that wait to be sent, for the peer's flow-control windows or for the socket. */
  readonly queuedBytes: number;
  /** The calls of this connection since it was made. */
  readonly calls: CallTotals;
}

/** A channel or a server at this moment. */
export interface ChannelStats {
  /** Calls that have no status yet, those that wait for a connection too. */
  readonly openCalls: number;
  /** Of these, the calls that wait for a connection. */
  readonly waitingCalls: number;
  /** The connections that are there now, to all servers. */
  readonly connections: readonly ConnectionStats[];
  /** The sum over the connections. */
  readonly queuedBytes: number;
  /** Those of closed connections included. */
  readonly calls: CallTotals;
  /** Undefined where no service config can ask for any. */
  readonly retries?: RetryStats | undefined;
}

/** Counts of retried and hedged attempts of a channel, by its service config. */
export interface RetryStats {
  /** Attempts after one that failed (`retryPolicy`), since the beginning. */
  readonly retries: number;
  /** Attempts beside others that had no answer yet (`hedgingPolicy`), since the beginning. */
  readonly hedges: number;
  /** How often an attempt was due, and left out because half of the tokens were gone (`retryThrottling`). */
  readonly throttled: number;
  /** Calls that were not sent again because they had sent more than the buffers hold. */
  readonly overflowed: number;
  /** Bytes of requests that are kept now in order to be sent again. */
  readonly bufferedBytes: number;
  /** Tokens that are left; undefined without `retryThrottling`. */
  readonly tokens: number | undefined;
}
