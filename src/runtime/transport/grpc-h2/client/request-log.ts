import { allocate } from "../../../core/block-pool.js";
import type { ByteSink } from "../../../core/codec.js";
import { putBytes } from "../../../core/put-bytes.js";

/** Requests of up to this size share blocks: most calls send a few bytes, and keep them for a moment. */
const SHARED_REQUEST = 1024;
const SHARED_BLOCK = 16 * 1024;
const NO_BYTES = new Uint8Array(0);

let shared: Uint8Array = NO_BYTES;
let sharedEnd = 0;

/**
 * What a call has sent, framed: kept while there is no stream for it yet, and for as long as the server may still refuse
 * it. A copy, for what it was sent from is used again.
 */
export class RequestLog {
  #bytes: Uint8Array = NO_BYTES;
  #start = 0;
  #position = 0;
  /** Where the room ends that is ours. */
  #end = 0;

  get size(): number {
    return this.#position - this.#start;
  }

  /** Adds bytes `start` to `end`. */
  add(bytes: Uint8Array, start: number, end: number): void {
    const length = end - start;
    this.#reserve(length);
    putBytes(bytes, start, end, this.#bytes, this.#position);
    this.#position += length;
  }

  /** Writes all of it to where it is sent from. */
  writeTo(sink: ByteSink): void {
    const { size } = this;
    sink.reserve(size);
    putBytes(this.#bytes, this.#start, this.#position, sink.bytes, sink.position);
    sink.position += size;
  }

  #reserve(size: number): void {
    const needed = this.#position + size;
    if (needed <= this.#end) return;
    if (this.#bytes === shared && this.#end === sharedEnd && needed <= shared.length) {
      this.#end = needed;
      sharedEnd = needed;
      return;
    }
    this.#move(this.size + size);
  }

  #move(size: number): void {
    const bytes = this.#bytes;
    const position = this.#position;
    const from = this.#start;
    if (size <= SHARED_REQUEST) {
      if (shared.length - sharedEnd < size) {
        shared = allocate(SHARED_BLOCK);
        sharedEnd = 0;
      }
      this.#bytes = shared;
      this.#start = sharedEnd;
      sharedEnd += size;
      this.#end = sharedEnd;
    } else {
      const room = Math.max(size, 2 * (position - from));
      this.#bytes = allocate(room);
      this.#start = 0;
      this.#end = room;
    }
    putBytes(bytes, from, position, this.#bytes, this.#start);
    this.#position = this.#start + position - from;
  }
}
