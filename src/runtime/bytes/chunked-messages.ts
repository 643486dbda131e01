import { notPromised } from "../core/not-promised.js";
import { observe } from "../core/observe.js";
import type { ByteReader } from "./byte-source.js";

/** How pieces of bytes become messages. */
export interface ChunkRules<Init> {
  readonly chunkBytes: number;
  readonly toMessage: (bytes: Uint8Array, offset: number) => Init;
  readonly onProgress: ((sentBytes: number) => unknown) | undefined;
  /** Where the first byte of the source stands. */
  readonly offset: number;
}

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined };

/**
 * The messages of a byte source, for `sendAll`: it asks for the next when the one before was accepted, and calls `return` when the call
 * is over, while a piece is waited for too. Pieces that are larger than a chunk are cut; smaller ones go as they are, so that
 * a slow source is not held back.
 */
export class ChunkedMessages<Init> implements AsyncIterable<Init>, AsyncIterator<Init, undefined> {
  readonly #reader: ByteReader;
  readonly #rules: ChunkRules<Init>;
  #piece: Uint8Array = new Uint8Array(0);
  /** Bytes that were made messages, and those of them that the call has accepted. */
  #made = 0;
  #accepted = 0;
  #isReading = false;
  #over = false;

  constructor(reader: ByteReader, rules: ChunkRules<Init>) {
    this.#reader = reader;
    this.#rules = rules;
  }

  /** Whether a piece of the source is waited for: a silence is not the peer's then. */
  get isReading(): boolean {
    return this.#isReading;
  }

  /** Bytes that the call has accepted. */
  get acceptedBytes(): number {
    return this.#accepted;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Init, undefined>> {
    if (this.#over) return DONE;
    try {
      this.#progress();
      while (this.#piece.length === 0) {
        this.#isReading = true;
        const piece = await this.#reader.read();
        this.#isReading = false;
        if (this.#over) return DONE;
        if (piece === undefined) {
          this.#over = true;
          return DONE;
        }
        this.#piece = checkedBytes(piece);
      }
      return { done: false, value: this.#nextMessage() };
    } catch (error) {
      // What fails behind the end of the call is only that its source was stopped.
      if (this.#over) return DONE;
      this.#stop(error);
      throw error;
    }
  }

  /** Stops the source, unless it has ended. */
  return(): Promise<IteratorResult<Init, undefined>> {
    this.#stop(undefined);
    return Promise.resolve(DONE);
  }

  #nextMessage(): Init {
    const { chunkBytes, toMessage, offset } = this.#rules;
    const chunk = this.#piece.subarray(0, chunkBytes);
    const message = notPromised(toMessage(chunk, offset + this.#made), "toMessage");
    this.#piece = this.#piece.subarray(chunk.length);
    this.#made += chunk.length;
    return message;
  }

  /** Whoever asks for more has got rid of what was made. */
  #progress(): void {
    if (this.#accepted === this.#made) return;
    this.#accepted = this.#made;
    observe(this.#rules.onProgress?.(this.#rules.offset + this.#accepted));
  }

  #stop(reason: unknown): void {
    if (this.#over) return;
    this.#over = true;
    this.#reader.stop(reason);
  }
}

function checkedBytes(piece: unknown): Uint8Array {
  if (piece instanceof Uint8Array) return piece;
  const what = typeof piece === "string" ? "text (a stream with an encoding?)" : `${typeof piece}`;
  throw new TypeError(`the source gave ${what}; it must give Uint8Array`);
}
