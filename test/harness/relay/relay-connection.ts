import type { Socket } from "node:net";
import { Random } from "../random.js";
import type { Manner } from "./options.js";
import { RelayDirection } from "./relay-direction.js";

/** One connection through the relay: a socket at each end, and both ways between them. */
export class RelayConnection {
  readonly toServer: RelayDirection;
  readonly toClient: RelayDirection;
  /** Resolves when both sockets are closed. */
  readonly closed: Promise<void>;
  readonly #sockets: readonly [client: Socket, server: Socket];

  constructor(client: Socket, server: Socket, seed: number, manner: Manner) {
    this.#sockets = [client, server];
    this.toServer = new RelayDirection(client, server, new Random(2 * seed), manner);
    this.toClient = new RelayDirection(server, client, new Random(2 * seed + 1), manner);
    const ends = this.#sockets.map((socket) => new Promise<void>((resolve) => socket.once("close", () => resolve())));
    this.closed = Promise.all(ends).then(() => {});
    for (const socket of this.#sockets) {
      socket.setNoDelay(true);
      // A reset at one end is one at the other, at once.
      socket.on("error", () => this.reset());
    }
  }

  /** Nothing moves any more, either way: the silent peer. */
  stall(): void {
    this.toServer.stall();
    this.toClient.stall();
  }

  resume(): void {
    this.toServer.resume();
    this.toClient.resume();
  }

  /** Closes both ends; what is queued is lost. */
  close(): void {
    for (const socket of this.#sockets) behindEnd(socket, () => socket.destroy());
  }

  /**
   * Resets both ends: they see ECONNRESET. Where bytes and the reset arrive at once, Node tells of the bytes and then of an end
   * (libuv takes the hang-up that it polls for one): a test that asserts ECONNRESET waits until the bytes were read.
   */
  reset(): void {
    for (const socket of this.#sockets) behindEnd(socket, () => socket.resetAndDestroy());
  }
}

/**
 * Does it now, or when the end that is on its way has gone out: a socket that is reset meanwhile, or destroyed while it is to be reset,
 * says EINVAL and is never closed (libuv's uv_tcp_close_reset does not go with a shutdown).
 */
function behindEnd(socket: Socket, act: () => void): void {
  const ending = socket.writableEnded && !socket.writableFinished && socket.writableLength === 0;
  if (ending && !socket.destroyed) socket.once("finish", act);
  else act();
}
