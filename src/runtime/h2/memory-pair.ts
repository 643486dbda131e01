import type { ClientConnection, Connection, ServerConnection } from "./connection/connection.js";

/**
 * Joins a client's and a server's connection in memory: what one has to send the other receives, frames and all, a turn later.
 * `schedule` runs a callback in a later turn, once; it decides whether that is a microtask or more. The handlers of both connections call
 * {@link MemoryPair.outputReady} in `onOutput`, and {@link MemoryPair.finish} in `onClose`.
 */
export class MemoryPair {
  readonly #client: ClientConnection;
  readonly #server: ServerConnection;
  readonly #schedule: (run: () => void) => void;
  #scheduled = false;
  #closed = false;

  constructor(client: ClientConnection, server: ServerConnection, schedule: (run: () => void) => void) {
    this.#client = client;
    this.#server = server;
    this.#schedule = schedule;
    this.outputReady();
  }

  /** One of the two has something to send. */
  outputReady(): void {
    if (this.#scheduled || this.#closed) return;
    this.#scheduled = true;
    this.#schedule(this.#turn);
  }

  /** One of the two is over: the other gets what was still on its way, then the end. */
  finish(): void {
    this.outputReady();
  }

  readonly #turn = (): void => {
    this.#scheduled = false;
    const sent = carry(this.#client, this.#server);
    const answered = carry(this.#server, this.#client);
    if (this.#client.closed || this.#server.closed) this.#end();
    else if (sent || answered) this.#more();
  };

  /** What arrived may have made room for more, without a further `onOutput`. */
  #more(): void {
    if (this.#client.queuedBytes > 0 || this.#server.queuedBytes > 0) this.outputReady();
  }

  #end(): void {
    this.#closed = true;
    carry(this.#client, this.#server);
    carry(this.#server, this.#client);
    this.#client.receiveEnd();
    this.#server.receiveEnd();
  }
}

/** Takes what `from` has to send to `to`; whether there was any. */
function carry(from: Connection, to: Connection): boolean {
  const batch = from.take();
  if (batch === undefined) return false;
  for (const piece of batch.pieces) to.receive(piece);
  from.done(batch);
  return true;
}
