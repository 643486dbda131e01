import * as ErrorCode from "../error-code.js";
import { peerFault } from "../errors.js";
import { MAX_31_BIT } from "../frames/constants.js";
import type { FrameWriter } from "../frames/frame-writer.js";
import type { EngineStream } from "../streams/engine-stream.js";
import * as StreamState from "../streams/stream-state.js";

/** The connection's window at least: it bounds what is on its way, not what lies unread. */
const CONNECTION_WINDOW = 4 * 1024 * 1024;

/**
 * What a stream's window grows to as soon as its user reads, whatever the estimate says: on a short way the product of bandwidth
 * and delay is small, and each credit of a small window costs both ends a write and a read.
 */
const READ_WINDOW = 1024 * 1024;

const ENDED = StreamState.RECEIVED_END | StreamState.CLOSED;

/** The connection, as its receiver sees it. */
export interface ReceiverOwner {
  readonly writer: FrameWriter;
  readonly settings: {
    /** The window that a stream begins with now. */
    readonly receiveWindow: number;
    widenFrames(): void;
  };
}

/**
 * The windows that we give the peer (RFC 9113, section 5.2). What lies unread is bounded by the windows of streams: those are credited when the
 * user has consumed, and grow to the estimated bandwidth-delay product while a budget lasts. The connection's window is credited on
 * arrival, so that no stream that nobody reads stops another.
 */
export class Receiver {
  /** DATA delivered and not consumed, of all streams. */
  unreadBytes = 0;
  /** What a stream's window grows to once its user reads. */
  streamWindow: number;
  readonly #connection: ReceiverOwner;
  readonly #initialWindow: number;
  /** What the peer may send on the connection. */
  #window = 65_535;
  #windowSize = 65_535;
  /** Arrived, and not announced. */
  #credit = 0;
  /** By how much windows of streams may still grow. */
  #budget: number;

  /** @param limit What a stream's window may grow to. */
  constructor(connection: ReceiverOwner, initialWindow: number, budget: number, limit: number) {
    this.#connection = connection;
    this.#initialWindow = initialWindow;
    this.streamWindow = Math.max(initialWindow, Math.min(READ_WINDOW, limit));
    this.#budget = budget;
  }

  /** Widens the connection's window to its first size, behind the first SETTINGS. */
  start(): void {
    this.resize(Math.max(CONNECTION_WINDOW, 2 * this.#initialWindow));
  }

  /** The connection's window is to be so large. */
  resize(size: number): void {
    const wanted = Math.min(size, MAX_31_BIT);
    if (wanted <= this.#windowSize) return;
    this.#credit += wanted - this.#windowSize;
    this.#windowSize = wanted;
    this.#announce();
  }

  /** A DATA frame begins: its whole payload counts, padding too (RFC 9113, section 6.1). */
  arrived(length: number): void {
    this.#window -= length;
    if (this.#window < 0) {
      throw peerFault(ErrorCode.FLOW_CONTROL_ERROR, "DATA beyond the connection's window");
    }
    this.#credit += length;
    if (this.#credit >= this.#windowSize >>> 2) this.#announce();
  }

  delivered(stream: EngineStream, bytes: number): void {
    stream.unreadBytes += bytes;
    this.unreadBytes += bytes;
  }

  /** The user is done with so many bytes of a stream. */
  consumed(stream: EngineStream, bytes: number): void {
    const read = Math.min(bytes, stream.unreadBytes);
    stream.unreadBytes -= read;
    this.unreadBytes -= read;
    this.credited(stream, read);
  }

  /** So many bytes of a stream need no room any more. */
  credited(stream: EngineStream, bytes: number): void {
    if ((stream.state & ENDED) !== 0) return;
    stream.credit += bytes;
    this.#announceStream(stream);
  }

  /** The peer has acknowledged a smaller initial window (RFC 9113, section 6.9.2). */
  narrowed(stream: EngineStream, delta: number): void {
    stream.receiveWindow += delta;
    stream.windowSize += delta;
    if ((stream.state & ENDED) === 0) this.#announceStream(stream);
  }

  #announceStream(stream: EngineStream): void {
    if (stream.credit < stream.windowSize >>> 2 || stream.credit === 0) return;
    if (stream.windowSize < this.streamWindow) this.#grow(stream);
    stream.receiveWindow += stream.credit;
    this.#connection.writer.windowUpdate(stream.id, stream.credit);
    stream.credit = 0;
  }

  /** A stream is over: its unread bytes no longer count against the connection. */
  forget(stream: EngineStream): void {
    this.unreadBytes -= stream.unreadBytes;
    stream.unreadBytes = 0;
    const initial = this.#connection.settings.receiveWindow;
    this.#budget += stream.windowSize - initial;
    stream.windowSize = initial;
  }

  #grow(stream: EngineStream): void {
    const growth = Math.min(this.streamWindow - stream.windowSize, this.#budget);
    if (growth <= 0) return;
    this.#budget -= growth;
    this.#connection.settings.widenFrames();
    stream.windowSize += growth;
    stream.credit += growth;
  }

  #announce(): void {
    this.#window += this.#credit;
    this.#connection.writer.windowUpdate(0, this.#credit);
    this.#credit = 0;
  }
}
