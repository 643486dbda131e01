import { viewOf } from "../core/put-bytes.js";
import type { Compression, ReceivedMessages } from "../transport/transport.js";
import { HeldBytes } from "./held-bytes.js";
import type { MessageDecoder } from "./message-decoder.js";
import { PREFIX_BYTES, prefixedLength } from "./message-prefix.js";
import { PrefixScanner } from "./prefix-scanner.js";

/** Gives the peer credit (flow control) for bytes that were consumed. */
export interface Consumer {
  /** This many of the pushed bytes were read or discarded, or belong to an incomplete message that a reader awaits. */
  onConsumed(bytes: number): void;
}

const NO_BYTES = new Uint8Array(0);
/** While messages wait, consumed bytes are reported in steps of this many: reporting each message would cost as much as reading it. */
const CREDIT_STEP = 8 * 1024;

/** The shared value of all that hold nothing; never modified. */
const NOTHING_HELD = new HeldBytes();

/**
 * Cuts the bytes of one direction of a call into messages, and decodes each when it is taken. What is taken before
 * {@link hold} is read where it lies, without a copy; what is not is copied into memory of its own.
 */
export class Deframer<Message> implements ReceivedMessages<Message> {
  readonly #decoder: MessageDecoder<Message>;
  readonly #scanner: PrefixScanner;
  readonly #consumer: Consumer;
  /** Made for the first piece that nobody took at once; most calls have none. */
  #held: HeldBytes = NOTHING_HELD;
  #waiting = 0;
  /** The piece that was pushed last, while it may be read where it lies. */
  #live: Uint8Array = NO_BYTES;
  #liveAt = 0;
  #liveWhole = 0;
  #liveEnd = 0;
  /** Bytes of the next message to be taken that the consumer knows of already: it came while nothing else waited. */
  #credited = 0;
  /** Bytes of messages that were taken, of which the consumer does not know yet. */
  #taken = 0;
  lastSize = 0;
  /** What the peer's `grpc-encoding` says; before the first byte. */
  encoding: Compression = "identity";
  /** Whether the message taken last came compressed. */
  compressed = false;
  #dropped = false;
  #broken = false;

  constructor(decoder: MessageDecoder<Message>, consumer: Consumer) {
    this.#decoder = decoder;
    this.#scanner = new PrefixScanner(decoder.limit);
    this.#consumer = consumer;
  }

  /** Whether any message may come compressed: that the peer has named an encoding. */
  get mayBeCompressed(): boolean {
    return this.encoding !== "identity";
  }

  get waiting(): number {
    return this.#waiting;
  }

  /** Whether a message has begun that has not ended: a stream must not end here (P6). */
  get truncated(): boolean {
    return !this.#broken && this.#scanner.truncated;
  }

  /**
   * Takes in bytes `start` to `end`. They are read where they lie until {@link hold}, which must follow before the buffer
   * is written again. True where there is something new to take.
   */
  push(bytes: Uint8Array, start: number, end: number): boolean {
    if (this.#dropped || this.#broken) {
      this.#consumer.onConsumed(end - start);
      return false;
    }
    if (this.#liveAt < this.#liveEnd) this.#lend();
    const scanner = this.#scanner;
    const openBefore = scanner.truncated ? scanner.missing : 0;
    const prefixCut = openBefore > 0 && scanner.openSize === 0;
    scanner.scan(bytes, start, end);
    this.#waiting += scanner.completed;
    let at = start;
    if (openBefore > 0) at = this.#continueOpen(bytes, start, end, openBefore, prefixCut);
    // Of a buffer with nothing else in it a codec may keep parts (`Codec.decode`), and this one will be written again. V8 looks the buffer up in
    // C++, so the length comes first.
    const isAll = end - start === bytes.length && end - start === bytes.buffer.byteLength;
    this.#live = isAll ? viewOf(bytes, start, end).slice() : bytes;
    this.#liveAt = at;
    this.#liveWhole = Math.max(at, scanner.wholeEnd);
    this.#liveEnd = end;
    if (scanner.tooLong === undefined) return scanner.completed > 0;
    // The error is reported after the last good message.
    this.#waiting++;
    this.#broken = true;
    this.#consumer.onConsumed(end - this.#liveWhole);
    this.#liveEnd = this.#liveWhole;
    return true;
  }

  /** Keeps what was pushed and not taken, in memory of its own. */
  hold(): void {
    if (this.#liveAt < this.#liveEnd) this.#lend();
    this.#held.own();
    this.#release();
    if (this.#waiting === 0) this.#creditOpen();
  }

  next(): Message {
    if (this.#waiting === 1 && this.#broken) {
      this.drop();
      throw this.#decoder.tooLong(this.#scanner.tooLong ?? 0);
    }
    this.#waiting--;
    if (this.#held.empty) {
      const at = this.#liveAt;
      const length = prefixedLength(this.#live, at);
      this.#liveAt = at + PREFIX_BYTES + length;
      return this.#take(this.#live, at, length);
    }
    const block = this.#held.front;
    const at = block.start;
    const length = prefixedLength(block.bytes, at);
    block.start = at + PREFIX_BYTES + length;
    if (block.start === block.end) this.#held.shift();
    if (this.#waiting === 0 && this.#liveAt === this.#liveEnd) {
      const message = this.#take(block.bytes, at, length);
      this.#creditOpen();
      return message;
    }
    return this.#take(block.bytes, at, length);
  }

  drop(): void {
    if (this.#dropped) return;
    this.#dropped = true;
    this.#waiting = 0;
    let bytes = this.#taken + this.#liveEnd - this.#liveAt - this.#credited;
    this.#taken = 0;
    this.#credited = 0;
    while (!this.#held.empty) {
      const { start, end } = this.#held.front;
      bytes += end - start;
      this.#held.shift();
    }
    this.#release();
    if (bytes > 0) this.#consumer.onConsumed(bytes);
  }

  #take(bytes: Uint8Array, at: number, length: number): Message {
    this.lastSize = length;
    this.#taken += PREFIX_BYTES + length - this.#credited;
    this.#credited = 0;
    if (this.#waiting === 0 || this.#taken >= CREDIT_STEP) {
      this.#consumer.onConsumed(this.#taken);
      this.#taken = 0;
    }
    try {
      const flag = bytes[at]!;
      this.compressed = flag !== 0;
      const start = at + PREFIX_BYTES;
      return this.#decoder.decode(flag, this.encoding, bytes, start, start + length);
    } catch (error) {
      // After an invalid message the next one's start is unknown.
      this.drop();
      throw error;
    }
  }

  /** Gives the message that had begun what comes for it; returns where the rest starts. */
  #continueOpen(bytes: Uint8Array, start: number, end: number, missing: number, prefixCut: boolean): number {
    const { openSize, completed, tooLong } = this.#scanner;
    if (tooLong !== undefined && completed === 0) {
      // What was held of it will not be read.
      this.#consumer.onConsumed(this.#held.dropOpen() - this.#credited + end - start);
      this.#credited = 0;
      return end;
    }
    if (!prefixCut) {
      const part = Math.min(end, start + missing);
      this.#held.addOpen(bytes, start, part, openSize, part - start === missing);
      return part;
    }
    // Only now is it known how long the message is.
    const prefixEnd = Math.min(end, start + missing);
    this.#held.addOpen(bytes, start, prefixEnd, 0, false);
    if (prefixEnd - start < missing) return prefixEnd;
    const block = this.#held.last;
    const length = prefixedLength(block.bytes, block.start);
    const part = Math.min(end, prefixEnd + length);
    this.#held.addOpen(bytes, prefixEnd, part, PREFIX_BYTES + length, part - prefixEnd === length);
    return part;
  }

  /**
   * A message larger than the peer's window would never be complete if only whole messages gave credit. Where no
   * other message waits, its bytes give credit as they arrive. That applies to one message at a time.
   */
  #creditOpen(): void {
    if (this.#dropped || this.#held.empty) return;
    const { start, end } = this.#held.last;
    const bytes = end - start - this.#credited;
    if (bytes <= 0) return;
    this.#credited += bytes;
    this.#consumer.onConsumed(bytes);
  }

  /** Puts what was pushed last behind what is held; whole messages may still be read where they lie. */
  #lend(): void {
    if (this.#held === NOTHING_HELD) this.#held = new HeldBytes();
    if (this.#liveAt < this.#liveWhole) this.#held.lend(this.#live, this.#liveAt, this.#liveWhole);
    if (this.#liveWhole < this.#liveEnd) {
      this.#held.addOpen(this.#live, this.#liveWhole, this.#liveEnd, this.#scanner.openSize, false);
    }
  }

  #release(): void {
    this.#live = NO_BYTES;
    this.#liveAt = 0;
    this.#liveWhole = 0;
    this.#liveEnd = 0;
  }
}
