import type { Attempt } from "./attempt.js";
import { EncodedRequest } from "./encoded-request.js";
import type { RequestBuffer } from "./request-buffer.js";

/** What the caller has sent before the call is committed: each attempt is given all of it (gRFC A6, "Buffered RPCs"). */
export class SentRequests<InInit, Out> {
  readonly #buffer: RequestBuffer;
  readonly #highWaterMark: number;
  /** What is kept is more than may be kept: the next attempt is the last. */
  #overflowed = false;
  #halfClosed = false;
  #awaitsDrain = false;

  constructor(buffer: RequestBuffer, highWaterMark: number) {
    this.#buffer = buffer;
    this.#highWaterMark = highWaterMark;
  }

  get overflowed(): boolean {
    return this.#overflowed;
  }

  get halfClosed(): boolean {
    return this.#halfClosed;
  }

  /** Whether a request of so many bytes may be kept beside the others. */
  fits(length: number): boolean {
    return this.#buffer.fits(length);
  }

  /** Keeps a request and gives it to the attempts that are open; returns whether there is room for more. */
  write(bytes: Uint8Array, open: readonly Attempt<InInit, Out>[]): boolean {
    this.#buffer.add(bytes);
    const request = new EncodedRequest(bytes);
    let room = open.length === 0 && this.#buffer.size <= this.#highWaterMark;
    for (const attempt of open) if (attempt.write(request)) room = true;
    if (!room) this.#awaitsDrain = true;
    return room;
  }

  /** A request that does not fit, between two attempts: there is nowhere else to put it. */
  writeBeyond(bytes: Uint8Array): false {
    this.#overflowed = true;
    this.#buffer.add(bytes);
    this.#awaitsDrain = true;
    return false;
  }

  closeSend(): void {
    this.#halfClosed = true;
  }

  /** Gives a new attempt all there is. Throws what its channel refuses to send. */
  replayTo(attempt: Attempt<InInit, Out>): void {
    for (const request of this.#buffer.messages()) attempt.write(request);
    if (this.#halfClosed) attempt.stream.closeSend();
  }

  /** Whether somebody waits for room, who is to be told; they are not told twice. */
  takeDrain(): boolean {
    const awaited = this.#awaitsDrain;
    this.#awaitsDrain = false;
    return awaited;
  }

  /** Nothing is to be sent again. */
  release(): void {
    this.#buffer.release();
  }
}
