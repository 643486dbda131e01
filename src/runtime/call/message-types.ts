/** The sending half of a call. */
export interface MessageSender<Init> {
  /**
   * Sends one message. It is encoded before `send` returns, so that the object may be changed afterwards. Resolves to `true`
   * once it is accepted within the peer's flow-control window plus `highWaterMark` (P2): accepted, not delivered. Sends that
   * are not awaited keep their order. Resolves to `false` where the call has ended with OK, and rejects with its RpcError
   * where it ended otherwise (P8). A message that cannot be encoded rejects with INTERNAL, one over `maxSendMessageBytes` with
   * RESOURCE_EXHAUSTED; either ends the call.
   */
  send(message: Init): Promise<boolean>;
  /**
   * Sends all of `messages`, each when there is room for it. `false`: the call ended with OK before all were sent. Where
   * `messages` throws, that ends the call too, awaited or not: the client's with CANCELLED and the error as its cause, the
   * server's with the status of the error.
   */
  sendAll(messages: Iterable<Init> | AsyncIterable<Init>): Promise<boolean>;
}

/** The receiving half of a call. It has one queue: each message goes to one reader, in the order in which they asked. */
export interface MessageReceiver<Message> extends AsyncIterable<Message> {
  /**
   * The next message, or `undefined` at the true end of the stream (P6). Rejects with the call's RpcError where it ended
   * otherwise, after every message that had arrived (P3). Several may be pending; they are served in order.
   */
  recv(): Promise<Message | undefined>;
  /** The same messages in arrays of all that have arrived: saves a turn of the event loop for each message. */
  batches(): AsyncIterable<Message[]>;
  /**
   * Leaving a `for await` before its end cancels the call (P4). Iterating again continues with what is left; a reader
   * that ended well ends again, one that failed fails again.
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<Message, undefined>;
}
