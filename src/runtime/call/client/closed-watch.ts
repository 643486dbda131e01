import { ignore } from "../../core/deferred.js";
import type { Channel } from "../../transport/transport.js";

/** Tells a call that its channel was closed while interceptors still hold the call, so that the channel does not know of it yet. */
export class ClosedWatch {
  readonly #states: AsyncIterableIterator<unknown>;

  constructor(channel: Channel, onClosed: () => void) {
    this.#states = channel.watchState();
    this.#watch(onClosed).catch(ignore); // a channel that cannot tell its state has none to tell
  }

  stop(): void {
    void this.#states.return?.();
  }

  async #watch(onClosed: () => void): Promise<void> {
    for await (const state of this.#states) if (state === "shutdown") onClosed();
  }
}
