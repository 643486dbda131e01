import type { Metadata } from "../core/metadata.js";
import type { StatusObject } from "../core/rpc-error.js";

/** What the three streaming calls have in common on the client. A call starts when it is made (P1). */
export interface ClientCall extends AsyncDisposable {
  /** The response headers. Rejects with the call's RpcError where it failed before any came. Need not be awaited. */
  readonly header: Promise<Metadata>;
  /** The trailers; resolves when the call is over, however it ended. */
  readonly trailer: Promise<Metadata>;
  /** How the call ended. Resolves for errors too: `(await call.status).code`. */
  readonly status: Promise<StatusObject>;
  /** `address:port` of the server, or "unknown" as long as there is no connection. */
  readonly peer: string;
  /** Ends the call with CANCELLED. Does nothing where the call is over. `reason` becomes the error's cause. */
  cancel(reason?: unknown): void;
  /** `await using`: cancels what is still open when the block is left. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** The sending half of a call. */
export interface MessageSender<Init> {
  /**
   * Sends one message. Resolves to `true` once it is accepted within the peer's flow-control window plus
   * `highWaterMark` (P2): accepted, not delivered. Sends that are not awaited keep their order. Resolves to `false` where
   * the call has ended with OK, and rejects with its RpcError where it ended otherwise (P8).
   * A message that cannot be encoded rejects with INTERNAL and ends the call.
   */
  send(message: Init): Promise<boolean>;
  /** Sends all of `messages`, each when there is room for it. `false`: the call ended with OK before all were sent. */
  sendAll(messages: Iterable<Init> | AsyncIterable<Init>): Promise<boolean>;
}

/** The receiving half of a call. It has one queue: each message goes to one taker, in order of asking. */
export interface MessageReceiver<Message> extends AsyncIterable<Message> {
  /**
   * The next message, or `undefined` at the true end of the stream (P6). Rejects with the call's RpcError where it ended
   * otherwise, after every message that had arrived (P3). Several may be pending; they are served in order.
   */
  recv(): Promise<Message | undefined>;
  /** The same messages, as many as have arrived at a time: for consumers to whom a turn for each message is too much. */
  batches(): AsyncIterable<Message[]>;
  /**
   * Leaving a `for await` before its end cancels the call (P4). Iterating again continues with what is left; a reader
   * that ended well ends again, one that failed fails again.
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<Message, undefined>;
}

/** A server-streaming call: the messages that come. */
export interface ClientReader<Out> extends ClientCall, MessageReceiver<Out> {}

/** A client-streaming call: messages out, one response back. */
export interface ClientWriter<InInit, Out> extends ClientCall, MessageSender<InInit> {
  /** Ends the sending side and waits for the response. Rejects with the call's RpcError. May be called again. */
  closeAndRecv(): Promise<Out>;
}

/** A bidirectional call: both halves, each at its own pace. */
export interface ClientDuplex<InInit, Out> extends ClientCall, MessageReceiver<Out>, MessageSender<InInit> {
  /** Ends the sending side; messages keep coming. Rejects with the call's RpcError where it failed before. */
  closeSend(): Promise<void>;
}
