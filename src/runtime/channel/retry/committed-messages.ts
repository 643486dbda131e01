import type { ReceivedMessages } from "../../transport/transport.js";

/** The responses of a call: none before it is committed to an attempt, then that attempt's. */
export class CommittedMessages<Message> implements ReceivedMessages<Message> {
  #source: ReceivedMessages<Message> | undefined;
  #dropped = false;

  set source(source: ReceivedMessages<Message>) {
    this.#source = source;
    if (this.#dropped) source.drop();
  }

  get waiting(): number {
    return this.#source?.waiting ?? 0;
  }

  get lastSize(): number | undefined {
    return this.#source?.lastSize;
  }

  get compressed(): boolean | undefined {
    return this.#source?.compressed;
  }

  get mayBeCompressed(): boolean | undefined {
    return this.#source?.mayBeCompressed;
  }

  next(): Message {
    if (this.#source === undefined) throw new RangeError("nothing waits");
    return this.#source.next();
  }

  drop(): void {
    this.#dropped = true;
    this.#source?.drop();
  }
}
