import { joinBytes } from "../../core/bytes.js";
import { startQuietTimer, stopTimer, type Timer } from "../../core/clock.js";
import type { Metadata } from "../../core/metadata.js";
import { nextTurn, soon } from "../../core/turn.js";
import type { BytePipe, PipeUser } from "../grpc-h2/byte-pipe.js";
import { CloseCode, textOfClose } from "./close-codes.js";
import { OPEN, type WebSocketLike } from "./socket.js";

/** The largest WebSocket message that is sent: a peer holds a message until all of it is there. */
const MAX_MESSAGE = 64 * 1024;

/** So long a peer has to answer a close. */
const LINGER_MS = 1000;

/** What differs between WebSockets. */
export interface PipeEnd {
  readonly socket: WebSocketLike;
  /** `host:port` of the other end. */
  readonly peer: string;
  /** As {@link BytePipe.metadata}. */
  readonly metadata?: Metadata | undefined;
  /**
   * Sends, and calls `sent` once the bytes may be overwritten; while it has not been called, nothing further is sent. Default: a
   * `send` that has its own copy, as the standard asks for. What it holds is bounded by the peer's flow-control windows: `bufferedAmount`
   * is not asked, which only a timer could do, and those of a hidden page fire once a second.
   */
  readonly send?: ((bytes: Uint8Array, sent: () => void) => void) | undefined;
  /** Ends it without a word. Default: `close`. */
  readonly terminate?: (() => void) | undefined;
}

/** The bytes of an HTTP/2 connection within the binary messages of a WebSocket; where messages begin and end has no meaning. */
export class WebSocketPipe implements BytePipe {
  readonly peer: string;
  readonly metadata: Metadata | undefined;
  readonly #end: PipeEnd;
  readonly #user: PipeUser;
  #scheduled = false;
  #closing = false;
  #over = false;
  /** Pieces that were handed over and may still be read. */
  #unsent = 0;
  #linger: Timer | undefined;

  /** @param end of a socket that is open */
  constructor(end: PipeEnd, user: PipeUser) {
    this.peer = end.peer;
    this.metadata = end.metadata;
    this.#end = end;
    this.#user = user;
    end.socket.addEventListener("message", (event) => this.#received(event.data));
    end.socket.addEventListener("close", ({ code, reason }) => this.#closed(textOfClose(code, reason)));
  }

  outputReady(): void {
    if (this.#scheduled || this.#closing) return;
    this.#scheduled = true;
    nextTurn(onTurn, this);
  }

  /** @internal */
  turn(): void {
    this.#scheduled = false;
    this.flush();
  }

  finish(): void {
    if (this.#closing) return;
    this.#unsent = 0; // nothing is handed back any more
    this.flush();
    this.#closing = true;
    this.#close(CloseCode.Normal, "");
    this.#linger ??= startQuietTimer(onLingered, LINGER_MS, this);
  }

  destroy(): void {
    this.#closing = true;
    if (this.#end.terminate === undefined) this.#close(CloseCode.Normal, "");
    else this.#end.terminate();
    soon(onLingered, this);
  }

  /** A WebSocket keeps a process alive until it is closed; the standard has no way to change that. */
  keepAlive(): void {}

  /** @internal */
  lingered(): void {
    if (this.#over) return;
    this.#end.terminate?.();
    this.#closed(undefined);
  }

  #received(data: unknown): void {
    if (this.#over) return;
    if (data instanceof ArrayBuffer) this.#user.receive(new Uint8Array(data));
    else if (data instanceof Uint8Array) this.#user.receive(data);
    else this.#refuseText();
  }

  #refuseText(): void {
    this.#closing = true;
    this.#close(CloseCode.UnsupportedData, "gRPC over WebSocket is binary messages alone");
    this.#user.receiveEnd(new Error("the other end sent a text message, where only bytes are understood"));
    this.#linger ??= startQuietTimer(onLingered, LINGER_MS, this);
  }

  #closed(text: string | undefined): void {
    if (this.#over) return;
    this.#over = true;
    this.#closing = true;
    stopTimer(this.#linger);
    this.#user.receiveEnd(text === undefined ? undefined : new Error(text));
    this.#user.onPipeClosed();
  }

  #close(code: number, reason: string): void {
    if (this.#end.socket.readyState <= OPEN) this.#end.socket.close(code, reason);
  }

  /** Sends all there is, unless some of what went before is not out yet. */
  flush(): void {
    const { connection } = this.#user;
    while (this.#unsent === 0 && !this.#closing && this.#end.socket.readyState === OPEN) {
      const batch = connection.take();
      if (batch === undefined) return;
      if (batch.pieces.length > 1 && batch.length <= MAX_MESSAGE) {
        const joined = joinBytes(batch.pieces);
        connection.done(batch);
        this.#send(joined, () => {});
      } else {
        let left = 1;
        const sent = (): void => {
          if (--left === 0) connection.done(batch);
        };
        for (const piece of batch.pieces) {
          for (let at = 0; at < piece.length; at += MAX_MESSAGE) {
            left++;
            this.#send(piece.subarray(at, at + MAX_MESSAGE), sent);
          }
        }
        sent();
      }
    }
  }

  #send(bytes: Uint8Array, sent: () => void): void {
    const { socket, send } = this.#end;
    if (send === undefined) {
      // Not shared memory: the engine's blocks are of its environment.
      socket.send((socket.extensions === "" ? bytes : bytes.slice()) as Uint8Array<ArrayBuffer>);
      sent();
      return;
    }
    this.#unsent++;
    send(bytes, () => {
      sent();
      if (--this.#unsent === 0) this.flush();
    });
  }
}

function onTurn(pipe: WebSocketPipe): void {
  pipe.turn();
}

function onLingered(pipe: WebSocketPipe): void {
  pipe.lingered();
}
