import type { X509Certificate } from "node:crypto";
import type { CallContext } from "../core/context.js";
import type { Metadata } from "../core/metadata.js";
import type { AnyMethod, CalledMethod, Method } from "../core/method.js";
import type { StatusObject } from "../core/rpc-error.js";
import type { status } from "../core/status.js";

/**
 * The wall between calls and transports. It is message-level: a transport is given the codecs and the messages, so that it
 * can encode in place. What has arrived stays bytes until somebody takes it ({@link ReceivedMessages}); the transport tells
 * that there is something to take, and reports at most one header and exactly one status.
 *
 * Rules for both sides of the wall:
 * - Listeners are called from a fresh stack, never from inside `start`, `write`, `closeSend`, `cancel`, `sendHeader` or
 *   `finish`, nor from inside {@link ReceivedMessages}.
 * - A listener's methods do not throw.
 * - Calls on a stream that is over do nothing. A client's `write` then returns `false`: its status is on its way, and a loop of sends that did not
 *   wait for that would keep it from coming. A server's returns `true`.
 * - Times are moments of the monotonic clock (`core/clock.ts`), in milliseconds.
 */
export interface Channel {
  /** Whether there is a connection. "ready" where at least one is; "transient_failure" while the next attempt waits. */
  readonly state: ConnectivityState;
  /** Where it goes: `host:port`, and whether nobody can listen (TLS, or no network at all). Undefined where it does not know. */
  readonly origin?: Origin | undefined;
  /** What is open now; undefined where the channel cannot tell. */
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
   * The state now, then each further state; who reads slowly is told the latest alone. Ends after "shutdown", when the signal aborts,
   * and by `break`.
   */
  watchState(options?: WatchStateOptions): AsyncIterableIterator<ConnectivityState>;
  /**
   * Ends the wait before the next attempt to connect, and begins with the shortest again: for when it is known that the network is
   * back. Throws an RpcError (UNIMPLEMENTED) where a transport cannot.
   */
  resetBackoff(): void;
  /** Takes no new calls, lets open ones finish for `graceMs` (default 0), then cancels them (P13). */
  close(options?: { graceMs?: number }): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Calls since the beginning, and how those ended that have. */
export interface CallTotals {
  readonly started: number;
  /** With OK. */
  readonly succeeded: number;
  readonly failed: number;
}

/** One connection at this moment. */
export interface ConnectionStats {
  /** Tells connections of this process apart. */
  readonly id: number;
  /** `address:port` of the other end; "unknown" while connecting. */
  readonly peer: string;
  /** "closing": it takes no new calls, and its open ones go on. */
  readonly state: "connecting" | "ready" | "closing";
  /** Calls that have no status yet. */
  readonly openCalls: number;
  /** Bytes that wait here to be sent: for the peer's windows, or for the socket. */
  readonly queuedBytes: number;
  readonly calls: CallTotals;
}

/** A channel or a server at this moment. */
export interface ChannelStats {
  /** Calls that have no status yet, those that wait for a connection too. */
  readonly openCalls: number;
  /** Of these, the calls that wait for a connection. */
  readonly waitingCalls: number;
  readonly connections: readonly ConnectionStats[];
  /** The sum over the connections. */
  readonly queuedBytes: number;
  /** Those of connections that are gone, too. */
  readonly calls: CallTotals;
  /** Undefined where no service config can ask for any. */
  readonly retries?: RetryStats | undefined;
}

/** What a channel did to send calls again that failed, or had no answer yet, by its service config. */
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

/** Where a channel goes. */
export interface Origin {
  readonly authority: string;
  readonly secure: boolean;
}

/** The state of a channel, as gRPC's connectivity semantics document names it. */
export type ConnectivityState = "idle" | "connecting" | "ready" | "transient_failure" | "shutdown";

/** What {@link Channel.watchState} may be told. */
export interface WatchStateOptions {
  /** Ends the watching. */
  readonly signal?: AbortSignal | undefined;
}

/** What a transport needs to know of one call. */
export interface StartOptions {
  /** The call's own; a transport may keep it. */
  readonly metadata: Metadata;
  /** When the call ends at the latest, on the monotonic clock; Infinity for never. Sent as time left, and enforced (P5). */
  readonly deadline: number;
  /**
   * Keep the call until a connection is there, instead of failing with UNAVAILABLE. Undefined where the caller does not say: as
   * `false`, unless a service config says otherwise.
   */
  readonly waitForReady: boolean | undefined;
  /** The compression of what this call sends. */
  readonly compression: Compression;
  /** Bytes that may wait on this side, beyond the peer's flow-control window, before `write` returns false. */
  readonly highWaterMark: number;
  /** The caller's values; for interceptors, of no concern to transports. */
  readonly context?: CallContext | undefined;
}

/** Who is at the other end of a call, and how safe the way there is. */
export interface CallConnection {
  /** `address:port` of the other end: what `peer` says. */
  readonly peer: string;
  /** The server's name as the client called it: the call's `:authority`. Undefined where a transport does not tell. */
  readonly authority: string | undefined;
  /** Undefined in plain text, and within a process. */
  readonly tls: CallTls | undefined;
}

/** What TLS says of the other end. */
export interface CallTls {
  /** Whether the other end showed a certificate that an authority of ours has signed. */
  readonly authorized: boolean;
  /** Why it is not authorized, as Node says it: `UNABLE_TO_GET_ISSUER_CERT`, for one. */
  readonly authorizationError: string | undefined;
  /** What the other end showed: a client has one only where the server asks for it (`requestCert`). */
  readonly certificate: X509Certificate | undefined;
  /** `TLSv1.3`, for one; undefined over grpc-js, which does not tell. */
  readonly protocol: string | undefined;
  /** The cipher suite by its IETF name; undefined over grpc-js. */
  readonly cipher: string | undefined;
  /** The protocol that ALPN agreed on: `h2`. Undefined over grpc-js. */
  readonly alpn: string | undefined;
}

export type Compression = "identity" | "gzip" | "deflate";

/**
 * The messages of one direction of a call that have arrived and were not taken yet, as bytes. Taking them is what lets the
 * peer send more (P9). Nothing here calls a listener.
 */
export interface ReceivedMessages<Message> {
  /** How many whole messages wait. A message that cannot be read counts, as the last one: {@link next} throws there. */
  readonly waiting: number;
  /**
   * Decodes and removes the first message. Only while {@link waiting} is not 0. Throws an RpcError where the bytes are no
   * message or one past the limit; there are none behind it.
   */
  next(): Message;
  /**
   * Bytes of the message that was taken last; of small ones a reader takes some ahead. Undefined where it is not known: none is
   * taken ahead then.
   */
  readonly lastSize?: number | undefined;
  /** Whether the message that was taken last came compressed. Undefined where it is not known. */
  readonly compressed?: boolean | undefined;
  /** Whether any message may come compressed; undefined for no, and where it is not known. */
  readonly mayBeCompressed?: boolean | undefined;
  /** Throws away what waits and whatever still comes. */
  drop(): void;
}

/** A call as the client holds it. */
export interface ClientStream<InInit, Out> {
  /** `address:port` of the server, or "unknown" as long as there is no connection. */
  readonly peer: string;
  /** Undefined as long as there is no connection, and where the transport does not tell. */
  readonly connection?: CallConnection | undefined;
  /** The responses. */
  readonly received: ReceivedMessages<Out>;
  /**
   * Encodes and queues one message, in order. False: more than the high-water mark is waiting, and `onDrain` follows.
   * Throws what the codec throws, or an RpcError for a message over the limit; nothing has been sent then.
   */
  write(message: InInit): boolean;
  /** Half-closes: no further messages from this side. */
  closeSend(): void;
  /** Ends the call with this status (a reset on the wire, never an END_STREAM). `onStatus` follows, unless it came already. */
  cancel(code: status, details: string): void;
}

/** What a client call hears. Order: `onHeader` at most once, `onReadable` any number of times, `onStatus` once and last. */
export interface ClientListener {
  onHeader(header: Metadata): void;
  /** Messages arrived: there is more in `received` than before. */
  onReadable(): void;
  /** `write` returned false before, and may be called again. */
  onDrain(): void;
  /**
   * The end. Everything that arrived before it is in `received`, and stays there until it is taken (P3). The code is 0 to
   * 16; OK comes only after true trailers (P6).
   */
  onStatus(status: StatusObject): void;
}

/** One incoming call, as the server's call objects hold it. */
export interface ServerStream<In, OutInit> {
  readonly path: string;
  readonly metadata: Metadata;
  /** When the client's deadline passes, on the monotonic clock; Infinity for none. Enforced: `onCancel` tells. */
  readonly deadline: number;
  readonly peer: string;
  /** Undefined where the transport does not tell. */
  readonly connection?: CallConnection | undefined;
  /** The requests. */
  readonly received: ReceivedMessages<In>;
  /** Sends the header; at most once. Without it, it goes out empty before the first message. */
  sendHeader(header: Metadata): void;
  /** As {@link ClientStream.write}. */
  write(message: OutInit): boolean;
  /**
   * Ends the call, at most once; whatever was written before goes out first. The client may still be sending: it gets
   * the status, not a reset (P15).
   */
  finish(status: StatusObject): void;
  /**
   * The handler has returned, or its promise has settled: it counts no longer as running. Once for each call whose handler
   * was called, and for each that heard `onHalfClose`; a transport that limits calls counts until then, however early the
   * call itself ended.
   */
  handlerDone(): void;
}

/** What a server call hears. After `onCancel`, or after its own `finish`, it hears nothing more. */
export interface ServerListener {
  /** Messages arrived: there is more in `received` than before. */
  onReadable(): void;
  /** The true end of the client's stream (P6). What arrived before it may still wait in `received`. */
  onHalfClose(): void;
  onDrain(): void;
  /** The call is over and nothing more can be sent: the client cancelled, the connection broke, the deadline passed. */
  onCancel(status: StatusObject): void;
}

/** Answers one method. Called for each incoming call, from a fresh stack; what it returns hears of the call's messages. */
export interface MethodServer<In = unknown, OutInit = never> {
  readonly method: Method<AnyMethod["kind"], In, never, unknown, OutInit>;
  accept(stream: ServerStream<In, OutInit>): ServerListener;
}

/** The methods of a server by path; what a server-side transport looks calls up in. */
export type MethodServers = ReadonlyMap<string, MethodServer>;
