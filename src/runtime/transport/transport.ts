import type { Metadata, status } from "../core/metadata.js";
import type { AnyMethod, Method } from "../core/method.js";
import type { StatusObject } from "../core/rpc-error.js";

/**
 * The wall between calls and transports. It is message-level: a transport is given the codecs and the messages, so that
 * it can encode in place; it delivers messages in arrays, and reports at most one header and exactly one status.
 *
 * Rules for both sides of the wall:
 * - Listeners are called from a fresh stack, never from inside `start`, `write`, `closeSend`, `cancel`, `pause`,
 *   `resume`, `sendHeader` or `finish`.
 * - A listener's methods do not throw.
 * - Calls on a stream that is over do nothing; `write` then returns `true`.
 */
export interface Channel {
  /** Whether there is a connection. "ready" where at least one is; "transient_failure" while the next attempt waits. */
  readonly state: ConnectivityState;
  /** Starts a call: headers leave at once, before the first message (P1). Never throws: faults arrive as a status. */
  start<Out, InInit>(
    method: Method<AnyMethod["kind"], unknown, InInit, Out, never>,
    options: StartOptions,
    listener: ClientListener<Out>,
  ): ClientStream<InInit>;
  /** Takes no new calls, lets open ones finish for `graceMs` (default 0), then cancels them (P13). */
  close(options?: { graceMs?: number }): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** The state of a channel, as gRPC's connectivity semantics document names it. */
export type ConnectivityState = "idle" | "connecting" | "ready" | "transient_failure" | "shutdown";

/** What a transport needs to know of one call. */
export interface StartOptions {
  readonly metadata: Metadata;
  /** Milliseconds since the epoch; Infinity for none. The transport sends it as time left, and enforces it (P5). */
  readonly deadline: number;
  /** Keep the call until a connection is there, instead of failing with UNAVAILABLE. */
  readonly waitForReady: boolean;
  /** The compression of what this call sends. */
  readonly compression: Compression;
  /** Bytes that may wait on this side, beyond the peer's flow-control window, before `write` returns false. */
  readonly highWaterMark: number;
}

export type Compression = "identity" | "gzip" | "deflate";

/** The sending side of a call, as the client holds it. */
export interface ClientStream<InInit> {
  /** `address:port` of the server, or "unknown" as long as there is no connection. */
  readonly peer: string;
  /**
   * Encodes and queues one message, in order. False: more than the high-water mark is waiting, and `onDrain` follows.
   * Throws what the codec throws; nothing has been sent then.
   */
  write(message: InInit): boolean;
  /** Half-closes: no further messages from this side. */
  closeSend(): void;
  /** Ends the call with this status (a reset on the wire, never an END_STREAM). `onStatus` follows, unless it came already. */
  cancel(code: status, details: string): void;
  /** Asks for no further messages, so that the peer is stopped by flow control (P9). What had arrived may still come. */
  pause(): void;
  resume(): void;
}

/** What a client call hears. Order: `onHeader` at most once, `onMessages` any number of times, `onStatus` once and last. */
export interface ClientListener<Out> {
  onHeader(header: Metadata): void;
  /** All whole messages of one read, in order; never empty. The array belongs to the listener. */
  onMessages(batch: Out[]): void;
  /** `write` returned false before, and may be called again. */
  onDrain(): void;
  /**
   * The end. Everything that arrived before it has been given to `onMessages`, even while paused (P3). The code is 0 to
   * 16; OK comes only after true trailers (P6).
   */
  onStatus(status: StatusObject): void;
}

/** One incoming call, as the server's call objects hold it. */
export interface ServerStream<OutInit> {
  readonly path: string;
  readonly metadata: Metadata;
  /** Milliseconds since the epoch; Infinity for none. The transport enforces it and reports `onCancel`. */
  readonly deadline: number;
  readonly peer: string;
  /** Sends the header; at most once. Without it, it goes out empty before the first message. */
  sendHeader(header: Metadata): void;
  /** As {@link ClientStream.write}. */
  write(message: OutInit): boolean;
  /**
   * Ends the call, at most once; whatever was written before goes out first. The client may still be sending: it gets
   * the status, not a reset (P15).
   */
  finish(status: StatusObject): void;
  pause(): void;
  resume(): void;
}

/** What a server call hears. After `onCancel`, or after its own `finish`, it hears nothing more. */
export interface ServerListener<In> {
  onMessages(batch: In[]): void;
  /** The true end of the client's stream (P6). */
  onHalfClose(): void;
  onDrain(): void;
  /** The call is over and nothing more can be sent: the client cancelled, the connection broke, the deadline passed. */
  onCancel(status: StatusObject): void;
}

/** Answers one method. Called for each incoming call; what it returns hears of the call's messages. */
export interface MethodServer<In = unknown, OutInit = never> {
  readonly method: Method<AnyMethod["kind"], In, never, unknown, OutInit>;
  accept(stream: ServerStream<OutInit>): ServerListener<In>;
}

/** The methods of a server by path; what a server-side transport looks calls up in. */
export type MethodServers = ReadonlyMap<string, MethodServer>;
