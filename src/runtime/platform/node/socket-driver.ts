import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { startQuietTimer, stopTimer } from "../../core/clock.js";
import type { Connection } from "../../h2/index.js";
import { flushes } from "./flush-scheduler.js";
import { SharedReads } from "./shared-reads.js";

/** Up to so many bytes, several pieces of output are joined into one: copying costs less than a write of several pieces. */
const JOINED = 16 * 1024;

/** Milliseconds that a peer has to close its side, once we have closed ours. */
const LINGER_MS = 1000;

/** Who gets what is read. */
export type ReadSide = Pick<Connection, "receive" | "receiveEnd">;

/** The part of a connection that the driver uses. */
export type Driven = ReadSide & Pick<Connection, "take" | "done">;

/**
 * Connects a connection to a socket of `node:net` or `node:tls` (any Duplex of bytes): gives it what is read, and writes its output once
 * in a turn. The connection's handler calls {@link outputReady} in `onOutput` and {@link finish} in `onClose`.
 */
export class SocketDriver {
  protected readonly socket: Duplex;
  readonly #connection: Driven;
  readonly #isSocket: boolean;
  #scheduled = false;
  /** The socket asked to wait, after the last write. */
  #full = false;
  #closing = false;

  /** @param reader in front of the connection */
  constructor(socket: Duplex, connection: Driven, reader: ReadSide = connection) {
    this.socket = socket;
    // Node's own sockets say that a write is done when it is; `Duplex.from` of two streams says so when it has passed it on.
    this.#isSocket = socket instanceof Socket;
    this.#connection = connection;
    SharedReads.read(socket, (bytes) => reader.receive(bytes));
    socket.on("drain", () => this.flush());
    let failure: Error | undefined;
    socket.on("error", (error) => {
      failure = error;
    });
    const ended = (): void => reader.receiveEnd(failure);
    socket.on("end", () => {
      ended();
      this.finish();
    });
    socket.on("close", ended);
    this.outputReady();
  }

  /** The connection has output: it is written in this turn, once ({@link FlushScheduler}). */
  outputReady(): void {
    if (this.#scheduled || this.#closing) return;
    this.#scheduled = true;
    flushes.schedule(this.#turn);
  }

  /** Writes what is left, then closes our side. If the peer has not closed its side after a second, the socket is destroyed. */
  finish(): void {
    if (this.#closing) return;
    this.#closing = true;
    const { socket } = this;
    if (socket.destroyed) return;
    const batch = this.#connection.take();
    if (batch !== undefined) for (const piece of batch.pieces) socket.write(piece);
    const destroy = (): void => void socket.destroy();
    const linger = startQuietTimer(destroy, LINGER_MS);
    socket.once("close", () => stopTimer(linger));
    socket.once("end", destroy);
    socket.end();
  }

  /** Writes the output, unless the socket still has unsent bytes and asks to wait. */
  flush(): void {
    const { socket } = this;
    // A socket without unsent bytes may be written to, even before its "drain" event.
    if (this.#closing || (this.#full && socket.writableLength > 0)) return;
    const batch = this.#connection.take();
    if (batch === undefined) return;
    const { pieces, length } = batch;
    const last = pieces.length - 1;
    if ((last > 0 && length <= JOINED) || !this.#isSocket) {
      this.#full = !socket.write(Buffer.concat(pieces, length));
      this.#connection.done(batch);
      return;
    }
    if (last > 0) socket.cork();
    for (let i = 0; i < last; i++) socket.write(pieces[i]!);
    this.#full = !socket.write(pieces[last]!, (error) => {
      // After an error the socket may still read into its memory, so that is not used again but left to the garbage collector.
      if (error == null) this.#connection.done(batch);
    });
    if (last > 0) socket.uncork();
  }

  readonly #turn = (): void => {
    this.#scheduled = false;
    this.flush();
  };
}
