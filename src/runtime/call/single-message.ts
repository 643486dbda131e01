import type { RpcError } from "../core/rpc-error.js";
import type { ReceivedMessages } from "../transport/transport.js";
import { NO_MESSAGES } from "../wire/no-messages.js";

/** Whose one message is received. */
export interface SingleMessageOwner {
  /** What came is no message, or one past the limit. */
  receiveFailed(error: RpcError): void;
  /** More than one came. */
  receivedTooMany(): void;
}

/**
 * The receiving half of a call with exactly one message. None or several are a "cardinality violation", which the table of
 * the gRPC status code document makes UNIMPLEMENTED.
 * @see https://github.com/grpc/grpc/blob/master/doc/statuscodes.md
 */
export class SingleMessage<T> {
  readonly #owner: SingleMessageOwner;
  #source: ReceivedMessages<T> = NO_MESSAGES;
  #message: T | undefined;
  #complete = false;

  constructor(owner: SingleMessageOwner) {
    this.#owner = owner;
  }

  /** Where the message is. */
  set source(source: ReceivedMessages<T>) {
    this.#source = source;
  }

  /** Whether it is here. */
  get complete(): boolean {
    return this.#complete;
  }

  /** The message; only where it is {@link complete}. */
  get message(): T {
    return this.#message as T; // the caller asked
  }

  /** Whether it came compressed; undefined where that is not known. */
  get compressed(): boolean | undefined {
    return this.#complete ? this.#source.compressed : undefined;
  }

  /** Decodes the message as soon as it arrives: keeping the bytes of a single message would save nothing. */
  onReadable(): void {
    const source = this.#source;
    if (source.waiting === 0) return;
    if (this.#complete || source.waiting > 1) {
      source.drop();
      this.#owner.receivedTooMany();
      return;
    }
    try {
      this.#message = source.next();
      this.#complete = true;
    } catch (error) {
      this.#owner.receiveFailed(error as RpcError); // `next` throws nothing else
    }
  }
}
