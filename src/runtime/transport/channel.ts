import type { CalledMethod } from "../core/method.js";
import type { ChannelStats } from "./channel-stats.js";
import type { ClientListener, ClientStream } from "./client-stream.js";
import type { StartOptions } from "./start-options.js";

/** The way to the servers of a target: over one connection, over many, or over none where a transport needs none. */
export interface Channel {
  /** Whether there is a connection. "ready" where at least one is; "transient_failure" while the next attempt waits. */
  readonly state: ConnectivityState;
  /** The target: `host:port`, and whether it is secure (TLS, or no network at all). Undefined where it is not known. */
  readonly origin?: Origin | undefined;
  /** The current connections and calls; undefined where the channel does not know them. */
  readonly stats?: (() => ChannelStats) | undefined;
  /** Starts a call: headers leave at once, before the first message (P1). Never throws: faults arrive as a status. */
  start<Out, InInit>(
    method: CalledMethod<InInit, Out>,
    options: StartOptions,
    listener: ClientListener,
  ): ClientStream<InInit, Out>;
  /** Begins to connect, where it is idle; a call does that by itself. It does not wait: {@link watchState} tells. */
  connect(): void;
  /**
   * The current state, then each further state; a slow reader gets only the latest. Ends after "shutdown", when the signal aborts,
   * and by `break`.
   */
  watchState(options?: WatchStateOptions): AsyncIterableIterator<ConnectivityState>;
  /**
   * Ends the wait before the next attempt to connect, and begins with the shortest again: for when it is known that the network is
   * back. Throws an RpcError (UNIMPLEMENTED) where a transport cannot.
   */
  resetBackoff(): void;
  /**
   * Takes no new calls, lets open ones finish for `graceMs` (default 0), then cancels them (P13). But over grpc-js, nothing connects
   * again within the grace: a call that waits for that (`waitForReady`) ends at once, with UNAVAILABLE.
   */
  close(options?: { graceMs?: number }): Promise<void>;
  /** As `close()`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** The target of a channel. */
export interface Origin {
  /** `host:port`, as in `:authority`. */
  readonly authority: string;
  /** Whether the connection is encrypted. */
  readonly secure: boolean;
}

/** The state of a channel, as gRPC's connectivity semantics document names it. */
export type ConnectivityState = "idle" | "connecting" | "ready" | "transient_failure" | "shutdown";

/** Options of {@link Channel.watchState}. */
export interface WatchStateOptions {
  /** Ends the iteration when it aborts. */
  readonly signal?: AbortSignal | undefined;
}
