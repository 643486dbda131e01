import type { Duplex } from "node:stream";
import type { Batch, Connection } from "../../h2/index.js";
import { nodeEnvironment } from "./environment.js";
import { afterSockets } from "./turns.js";

/** Output of several pieces is joined into one up to here; the copy is cheaper than a vector. */
const JOINED = 16 * 1024;

/** So long a peer has to close its side, once we have closed ours. */
const LINGER_MS = 1000;

/** What a driver needs of a connection. */
export type Driven = Pick<Connection, "receive" | "receiveEnd" | "take" | "done">;

/**
 * Binds a connection to a socket of `node:net` or `node:tls` (any Duplex of bytes): reads into it, and writes once a turn what it has to send. The
 * connection's handler calls {@link schedule} in `onOutput` and {@link close} in `onClose`.
 */
export class SocketDriver {
  readonly #socket: Duplex;
  readonly #connection: Driven;
  #scheduled = false;
  #closing = false;
  #error: Error | undefined;

  /** @param head Bytes that were read from the socket already. */
  constructor(socket: Duplex, connection: Driven, head?: Uint8Array) {
    this.#socket = socket;
    this.#connection = connection;
    socket.on("data", (chunk: Buffer) => connection.receive(chunk));
    socket.on("drain", () => this.flush());
    socket.on("error", (error) => {
      this.#error = error;
    });
    socket.on("end", () => this.#ended());
    socket.on("close", () => connection.receiveEnd(this.#error));
    if (head !== undefined) connection.receive(head);
    this.schedule();
  }

  /** There is something to be written: it goes out at the end of this turn. */
  schedule(): void {
    if (this.#scheduled || this.#closing) return;
    this.#scheduled = true;
    afterSockets(this.#turn);
  }

  /** Writes what is left, then closes the socket; a peer that does not close its side loses the connection after a second. */
  close(): void {
    if (this.#closing) return;
    this.#closing = true;
    const socket = this.#socket;
    if (socket.destroyed) return;
    const batch = this.#connection.take();
    if (batch !== undefined) for (const piece of batch.pieces) socket.write(piece);
    const linger = nodeEnvironment.after(LINGER_MS, () => socket.destroy());
    socket.once("close", () => nodeEnvironment.cancel(linger));
    socket.once("end", () => socket.destroy());
    socket.end();
  }

  /** Writes what there is, unless the socket still has some of what it was given. */
  flush(): void {
    const socket = this.#socket;
    // A socket that has all it was given may be written to, even where it has not said "drain" yet.
    if (this.#closing || socket.destroyed || (socket.writableNeedDrain && socket.writableLength > 0)) return;
    const batch = this.#connection.take();
    if (batch === undefined) return;
    const { pieces } = batch;
    if (pieces.length === 1) socket.write(pieces[0], (error) => this.#written(batch, error));
    else if (batch.length <= JOINED) this.#writeJoined(batch);
    else this.#writeAll(batch);
  }

  readonly #turn = (): void => {
    this.#scheduled = false;
    this.flush();
  };

  #writeJoined(batch: Batch): void {
    const joined = Buffer.concat(batch.pieces, batch.length);
    this.#connection.done(batch);
    this.#socket.write(joined);
  }

  #writeAll(batch: Batch): void {
    const socket = this.#socket;
    const last = batch.pieces.length - 1;
    socket.cork();
    for (let i = 0; i < last; i++) socket.write(batch.pieces[i]);
    socket.write(batch.pieces[last], (error) => this.#written(batch, error));
    socket.uncork();
  }

  /** After an error the socket may still be reading: the memory is left to the garbage collector. */
  #written(batch: Batch, error: Error | null | undefined): void {
    if (error == null) this.#connection.done(batch);
  }

  #ended(): void {
    this.#connection.receiveEnd(this.#error);
    if (!this.#closing) this.close();
  }
}
