import type { Metadata } from "../../core/metadata.js";
import type { StatusObject } from "../../core/rpc-error.js";
import type { ClientListener, ClientStream } from "../../transport/transport.js";
import type { EncodedRequest } from "./encoded-request.js";

/** A call as its attempts see it. */
export interface AttemptOwner<InInit, Out> {
  onAttemptHeader(attempt: Attempt<InInit, Out>, header: Metadata): void;
  onAttemptReadable(attempt: Attempt<InInit, Out>): void;
  onAttemptDrain(attempt: Attempt<InInit, Out>): void;
  onAttemptStatus(attempt: Attempt<InInit, Out>, status: StatusObject): void;
}

/** One attempt of a call: a call of its own to the channel below. */
export class Attempt<InInit, Out> implements ClientListener {
  /** How many attempts came before it. */
  readonly previous: number;
  /** Whether it has room for further messages. */
  hasRoom = true;
  /** It was cancelled in favour of another attempt, or with the call: its events are ignored. */
  dropped = false;
  readonly #owner: AttemptOwner<InInit, Out>;
  #stream: ClientStream<InInit | EncodedRequest, Out> | undefined;

  constructor(previous: number, owner: AttemptOwner<InInit, Out>) {
    this.previous = previous;
    this.#owner = owner;
  }

  /** Set at once when it is made. */
  get stream(): ClientStream<InInit | EncodedRequest, Out> {
    return this.#stream!; // nobody has the attempt before
  }

  set stream(stream: ClientStream<InInit | EncodedRequest, Out>) {
    this.#stream = stream;
  }

  /** As the stream's own; whether there was room is kept. */
  write(message: InInit | EncodedRequest): boolean {
    this.hasRoom = this.stream.write(message);
    return this.hasRoom;
  }

  onHeader(header: Metadata): void {
    this.#owner.onAttemptHeader(this, header);
  }

  onReadable(): void {
    this.#owner.onAttemptReadable(this);
  }

  onDrain(): void {
    this.hasRoom = true;
    this.#owner.onAttemptDrain(this);
  }

  onStatus(status: StatusObject): void {
    this.#owner.onAttemptStatus(this, status);
  }
}
