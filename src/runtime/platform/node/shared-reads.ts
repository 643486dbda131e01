import { type OnReadOpts, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { readAccepted } from "./accepted-reads.js";
import { isNode } from "./is-node.js";

/**
 * Where the sockets that we open read to, each at its turn. Node would allocate 64 KiB for each read and give back what was not filled, which
 * is a tenth of what a small call costs. An accepted socket has no such option.
 */
let place: Buffer | undefined;

const known = new WeakMap<Duplex, SharedReads>();

/** What a socket that is told by {@link options} reads: whoever gets it must be done with it when it returns. */
export class SharedReads {
  #receive: ((bytes: Uint8Array) => void) | undefined;
  /** What came before somebody wanted it. */
  #early: Uint8Array[] = [];

  /** For `connect` of `node:net` and `node:tls`: https://nodejs.org/api/net.html#new-netsocketoptions */
  readonly options: { readonly onread?: OnReadOpts } = isNode() ? { onread: this.#reading() } : {};

  /** These are what this socket reads. */
  of<Opened extends Socket>(socket: Opened): Opened {
    if (this.options.onread !== undefined) known.set(socket, this);
    return socket;
  }

  #reading(): OnReadOpts {
    place ??= Buffer.allocUnsafeSlow(64 * 1024);
    const buffer = place;
    const memory = buffer.buffer;
    // Kept for the next read, which is often as long.
    let bytes = new Uint8Array(memory);
    return {
      buffer,
      callback: (length) => {
        if (length !== bytes.length) bytes = new Uint8Array(memory, 0, length);
        if (this.#receive !== undefined) this.#receive(bytes);
        else this.#early.push(Buffer.from(bytes));
        return true;
      },
    };
  }

  #to(receive: (bytes: Uint8Array) => void): void {
    const early = this.#early;
    this.#early = [];
    this.#receive = receive;
    for (const bytes of early) receive(bytes);
  }

  /** Gives what comes out of any stream of bytes to `receive`, which must be done with it when it returns. */
  static read(stream: Duplex, receive: (bytes: Uint8Array) => void): void {
    const reads = known.get(stream);
    if (reads !== undefined) {
      reads.#to(receive);
      stream.resume();
    } else if (isNode() && stream instanceof Socket) {
      readAccepted(stream, receive);
    } else {
      stream.on("data", receive);
    }
  }
}
