import type { ClientStream } from "../../transport/transport.js";

/** Messages that are sent while interceptors hold the call. Each pending `send` has one here, and waits until it is sent. */
export class HeldSends<InInit> {
  #messages: InInit[] = [];
  #someoneWaits = false;
  #closed = false;

  add(message: InInit): void {
    this.#messages.push(message);
    this.#someoneWaits = true;
  }

  close(): void {
    this.#closed = true;
  }

  drop(): void {
    this.#messages = [];
  }

  /**
   * Sends all held messages. Returns whether the senders that wait may go on.
   * @param seen what interceptors make of each message; what it throws is the caller's
   */
  release(stream: ClientStream<InInit, unknown>, seen: (message: InInit) => InInit): boolean {
    const messages = this.#messages;
    this.#messages = [];
    let room = true;
    for (const message of messages) room = stream.write(seen(message));
    if (this.#closed) stream.closeSend();
    return this.#someoneWaits && room;
  }
}
