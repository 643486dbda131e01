import { EncodedRequest } from "./encoded-request.js";

/** What a message counts beside its bytes. */
const MESSAGE_COST = 16;
const LEAST_ROOM = 64;
/** Shared, for each typed array costs a call more than all else here. */
const NOTHING = new Uint8Array(0);

/** The room that all calls of a channel share. */
export class BufferPool {
  readonly #limit: number;
  #used = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Bytes that calls keep now. */
  get used(): number {
    return this.#used;
  }

  /** Whether so many more bytes fit. */
  hasRoom(bytes: number): boolean {
    return this.#used + bytes <= this.#limit;
  }

  take(bytes: number): void {
    this.#used += bytes;
  }

  giveBack(bytes: number): void {
    this.#used -= bytes;
  }
}

/** The encoded requests of one call, kept as long as they may have to be sent again. */
export class RequestBuffer {
  readonly #pool: BufferPool;
  readonly #limit: number;
  #bytes: Uint8Array = NOTHING;
  #position = 0;
  /** Where each message ends. */
  #ends: number[] = [];
  #taken = 0;

  constructor(pool: BufferPool, limit: number) {
    this.#pool = pool;
    this.#limit = limit;
  }

  /** What is kept, as the limits count it. */
  get size(): number {
    return this.#taken;
  }

  /** Whether a message of so many bytes fits into what the call and the channel may keep. */
  fits(length: number): boolean {
    const cost = length + MESSAGE_COST;
    return this.#taken + cost <= this.#limit && this.#pool.hasRoom(cost);
  }

  /** Adds a copy, whether it fits or not: where there is no attempt, a message has nowhere else to go. */
  add(message: Uint8Array): void {
    this.#reserve(message.length);
    this.#bytes.set(message, this.#position);
    this.#position += message.length;
    this.#ends.push(this.#position);
    this.#taken += message.length + MESSAGE_COST;
    this.#pool.take(message.length + MESSAGE_COST);
  }

  /** All of them, in order. Each is to be written before the next is asked for. */
  *messages(): Generator<EncodedRequest, void> {
    let start = 0;
    for (const end of this.#ends) {
      yield new EncodedRequest(this.#bytes.subarray(start, end));
      start = end;
    }
  }

  /** Nothing will be sent again. */
  release(): void {
    if (this.#ends.length === 0) return;
    this.#pool.giveBack(this.#taken);
    this.#taken = 0;
    this.#bytes = NOTHING;
    this.#position = 0;
    this.#ends = [];
  }

  #reserve(length: number): void {
    const needed = this.#position + length;
    if (needed <= this.#bytes.length) return;
    const first = this.#ends.length === 0; // most calls have one message
    const grown = new Uint8Array(first ? needed : Math.max(needed, 2 * this.#bytes.length, LEAST_ROOM));
    if (!first) grown.set(this.#bytes.subarray(0, this.#position));
    this.#bytes = grown;
  }
}
