/** So many streams are remembered. */
const REMEMBERED = 1000;

/**
 * Streams that we have reset and that the peer may not have heard of yet: its frames on them raced our RST_STREAM, and are no fault
 * (RFC 9113, section 5.1, "closed"). Bounded: of older ones only the highest id is known.
 */
export class RecentlyReset {
  /** What each may still send. */
  readonly #windows = new Map<number, number>();
  #forgottenUpTo = 0;

  add(streamId: number, window: number): void {
    if (this.#windows.size >= REMEMBERED) {
      const oldest = this.#windows.keys().next().value;
      if (oldest !== undefined) {
        this.#windows.delete(oldest);
        if (oldest > this.#forgottenUpTo) this.#forgottenUpTo = oldest;
      }
    }
    this.#windows.set(streamId, window);
  }

  /** The peer is done with this stream, too. */
  remove(streamId: number): void {
    this.#windows.delete(streamId);
  }

  has(streamId: number): boolean {
    return this.#windows.has(streamId);
  }

  /** Whether frames on this stream may be late because its reset is no longer remembered. */
  mayHave(streamId: number): boolean {
    return streamId <= this.#forgottenUpTo;
  }

  /** DATA came on a stream that was reset; false where it is more than its window let through. */
  spend(streamId: number, bytes: number): boolean {
    const left = (this.#windows.get(streamId) ?? 0) - bytes;
    this.#windows.set(streamId, left);
    return left >= 0;
  }
}
