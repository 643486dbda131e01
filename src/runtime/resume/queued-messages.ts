import type { ReceivedMessages } from "../transport/transport.js";

/** Messages of one batch after another, as a receiving half takes them. */
export class QueuedMessages<Message> implements ReceivedMessages<Message> {
  #messages: Message[] = [];
  #at = 0;
  #dropped = false;
  compressed: boolean | undefined;

  get waiting(): number {
    return this.#messages.length - this.#at;
  }

  push(message: Message): void {
    if (!this.#dropped) this.#messages.push(message);
  }

  next(): Message {
    const message = this.#messages[this.#at++] as Message; // asked only while one waits
    if (this.#at === this.#messages.length) {
      this.#messages = [];
      this.#at = 0;
    }
    return message;
  }

  drop(): void {
    this.#dropped = true;
    this.#messages = [];
    this.#at = 0;
  }
}
