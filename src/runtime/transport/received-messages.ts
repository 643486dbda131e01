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
   * Bytes of the message that was taken last; a reader takes some kilobytes ahead. Undefined where it is not known: none is
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
