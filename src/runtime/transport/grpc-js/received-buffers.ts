import type { Codec } from "../../core/codec.js";
import { messageOf, RpcError } from "../../core/rpc-error.js";
import { status } from "../../core/status.js";
import type { ReceivedMessages } from "../transport.js";

/** A grpc-js stream that can be read. */
interface Pausable {
  pause(): unknown;
  resume(): unknown;
}

/**
 * How far grpc-js reads ahead of a slow reader. It drops what it has not read when a status other than OK comes (P3), so it
 * is stopped only past this much: memory stays bounded (P9), and what fits is not lost.
 */
export const READ_AHEAD_BYTES = 1_048_576;
export const READ_AHEAD_MESSAGES = 4_096;

/** Messages that grpc-js has read, each a buffer of its own, decoded when they are taken. */
export class ReceivedBuffers<Message> implements ReceivedMessages<Message> {
  readonly #codec: Codec<Message, never>;
  #stream: Pausable | undefined;
  #buffers: Buffer[] = [];
  #first = 0;
  #bytes = 0;
  #paused = false;
  #dropped = false;

  constructor(codec: Codec<Message, never>) {
    this.#codec = codec;
  }

  /** The stream, which is paused while nothing is read. */
  set stream(stream: Pausable) {
    this.#stream = stream;
  }

  get waiting(): number {
    return this.#buffers.length - this.#first;
  }

  /** Adds what grpc-js read. */
  add(buffer: Buffer): void {
    if (this.#dropped) return;
    this.#buffers.push(buffer);
    this.#bytes += buffer.length;
    if (this.#paused || (this.#bytes < READ_AHEAD_BYTES && this.waiting < READ_AHEAD_MESSAGES)) return;
    this.#paused = true;
    this.#stream?.pause();
  }

  next(): Message {
    const buffer = this.#buffers[this.#first] as Buffer; // the caller knows that one waits
    if (++this.#first >= 1024 || this.#first === this.#buffers.length) {
      this.#buffers = this.#buffers.slice(this.#first);
      this.#first = 0;
    }
    this.#bytes -= buffer.length;
    if (this.#bytes < READ_AHEAD_BYTES / 2 && this.waiting < READ_AHEAD_MESSAGES / 2) this.#resume();
    try {
      return this.#codec.decode(buffer);
    } catch (cause) {
      this.drop();
      if (cause instanceof RpcError) throw cause; // a limit of the service config
      throw new RpcError(status.INTERNAL, `cannot decode ${this.#codec.typeName}: ${messageOf(cause)}`, { cause });
    }
  }

  drop(): void {
    this.#dropped = true;
    this.#buffers = [];
    this.#first = 0;
    this.#bytes = 0;
    this.#resume();
  }

  #resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#stream?.resume();
  }
}
