import type { Metadata } from "../core/metadata.js";
import type { StatusObject } from "../core/rpc-error.js";
import type { status } from "../core/status.js";
import type { CallConnection } from "./call-connection.js";
import type { MessageRun } from "./message-run.js";
import type { ReceivedMessages } from "./received-messages.js";

/** The client's side of a call. */
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
  /** As `write`, for the next messages of a run; at least for one. Those before one that throws are sent. Optional. */
  writeRun?(run: MessageRun<InInit>): boolean;
  /** Half-closes: no further messages from this side. */
  closeSend(): void;
  /** Ends the call with this status (a reset on the wire, never an END_STREAM). `onStatus` follows, unless it came already. */
  cancel(code: status, details: string): void;
}

/** The listener of a client call. Order: `onHeader` at most once, `onReadable` any number of times, `onStatus` once and last. */
export interface ClientListener {
  /** The response headers. Once, before any message; not where a call ended without headers. */
  onHeader(header: Metadata): void;
  /** Messages arrived: there is more in `received` than before. */
  onReadable(): void;
  /** `write` returned false before, and may be called again. */
  onDrain(): void;
  /**
   * The call ended. Everything that arrived before is in `received`, and stays there until it is taken (P3). The code is 0 to
   * 16; OK comes only after true trailers (P6).
   */
  onStatus(status: StatusObject): void;
}
