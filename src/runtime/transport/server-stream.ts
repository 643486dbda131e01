import type { Metadata } from "../core/metadata.js";
import type { StatusObject } from "../core/rpc-error.js";
import type { CallConnection } from "./call-connection.js";
import type { ClientStream } from "./client-stream.js";
import type { MessageRun } from "./message-run.js";
import type { ReceivedMessages } from "./received-messages.js";

/** One incoming call, as the server's call objects hold it. */
export interface ServerStream<In, OutInit> {
  /** The path that was called, `/weather.v1.Weather/Now`. */
  readonly path: string;
  /** What the client sent with the call. */
  readonly metadata: Metadata;
  /** When the client's deadline passes, on the monotonic clock; Infinity for none. Enforced: `onCancel` tells. */
  readonly deadline: number;
  /** Who called, `address:port`. */
  readonly peer: string;
  /** Undefined where the transport does not tell. */
  readonly connection?: CallConnection | undefined;
  /** The requests. */
  readonly received: ReceivedMessages<In>;
  /** Sends the header; at most once. Without it, it goes out empty before the first message. */
  sendHeader(header: Metadata): void;
  /** As {@link ClientStream.write}. */
  write(message: OutInit): boolean;
  /** As {@link ClientStream.writeRun}. */
  writeRun?(run: MessageRun<OutInit>): boolean;
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

/** The listener of a server call. Nothing is reported after `onCancel`, or after its own `finish`. */
export interface ServerListener {
  /** Messages arrived: there is more in `received` than before. */
  onReadable(): void;
  /** The true end of the client's stream (P6). What arrived before it may still wait in `received`. */
  onHalfClose(): void;
  /** There is room to write again, after a `write` that returned false. */
  onDrain(): void;
  /** The call is over and nothing more can be sent: the client cancelled, the connection broke, the deadline passed. */
  onCancel(status: StatusObject): void;
}
