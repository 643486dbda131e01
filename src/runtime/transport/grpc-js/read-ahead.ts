/** A grpc-js stream that can be read. */
interface Pausable {
  pause(): unknown;
  resume(): unknown;
}

/**
 * Lets a paused stream read on for a while. grpc-js drops what it has not read when a status other than OK comes (P3),
 * so a pause takes effect only when this much has come since: memory stays bounded (P9), and what fits is not lost.
 */
export const READ_AHEAD_BYTES = 1_048_576;
export const READ_AHEAD_MESSAGES = 4_096;

/** The reading half of a grpc-js stream, paused and resumed by the call. */
export class ReadAhead {
  readonly #stream: Pausable;
  #wanted = true;
  #held = false;
  #bytes = 0;
  #messages = 0;

  constructor(stream: Pausable) {
    this.#stream = stream;
  }

  /** A message of this size came. */
  count(size: number): void {
    if (this.#wanted) return;
    this.#bytes += size;
    this.#messages++;
    if (!this.#held && (this.#bytes >= READ_AHEAD_BYTES || this.#messages >= READ_AHEAD_MESSAGES)) {
      this.#held = true;
      this.#stream.pause();
    }
  }

  pause(): void {
    this.#wanted = false;
    this.#bytes = 0;
    this.#messages = 0;
  }

  resume(): void {
    this.#wanted = true;
    if (!this.#held) return;
    this.#held = false;
    this.#stream.resume();
  }
}
