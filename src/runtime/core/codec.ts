/**
 * Where a codec writes an encoded message: a growing byte buffer that the transport owns. A codec calls {@link reserve}
 * for the bytes it is about to write, writes them from {@link position} on, and moves `position` past them.
 */
export interface ByteSink {
  /** The buffer. `reserve` may replace it by a larger copy, so read this property again after each `reserve`. */
  bytes: Uint8Array;
  /** The next byte to write. */
  position: number;
  /** Makes sure that `size` more bytes fit behind `position`, which it does not change. */
  reserve(size: number): void;
}

/**
 * Turns messages into bytes and back. `Init` is what may be sent (a plain object with some of the fields, or a message),
 * `Message` is what is received.
 */
export interface Codec<Message, Init = Message> {
  /** The full name of the message type, for error texts. */
  readonly typeName: string;
  /** Writes the encoded message to `into`. Throws where the value does not fit the message type. */
  encode(message: Init, into: ByteSink): void;
  /**
   * Reads one message. Where `bytes` is all of its ArrayBuffer but for a frame header of five bytes, nobody else has that
   * buffer and the message may keep parts of it. Otherwise the buffer may be written again once `decode` has returned: copy
   * what is kept. Throws on malformed input.
   */
  decode(bytes: Uint8Array): Message;
  /**
   * As {@link decode}, for the bytes from `start` to `end` of a larger buffer. Saves a `subarray` for each message,
   * about a tenth of the cost of a small one. Optional: without it the runtime calls `decode`. The buffer may be written again once it has
   * returned, unless `start` to `end` is all of it but for a frame header of five bytes.
   */
  decodePart?(bytes: Uint8Array, start: number, end: number): Message;
}

/** Writes bytes that are encoded already. */
export function writeBytes(bytes: Uint8Array, into: ByteSink): void {
  into.reserve(bytes.length);
  into.bytes.set(bytes, into.position);
  into.position += bytes.length;
}
