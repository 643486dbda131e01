import type { Http2Session } from "node:http2";

/** HTTP/2's own connection window, which cannot be smaller (RFC 9113, section 6.9.2). */
const INITIAL_WINDOW = 65_535;
/** Sockets of the loopback interface have buffers for this from the start: its segments are large. */
const LOOPBACK_WINDOW = 256 * 1024;
/** After samples that showed no need, so many bytes at most go by before the next. */
const MAX_PATIENCE = 16 * 1024 * 1024;

/**
 * Widens the window of a server's connection while its clients fill it, by the bandwidth-delay estimate of other gRPC
 * implementations: what arrives between a ping and its answer. It starts narrow and never runs ahead of what has been
 * under way, because a session of node:http2 does not read while a write of its own is pending: were a window wider than
 * the buffers of the sockets, a client and a server that both send much could wait for each other forever.
 */
export class WindowGrowth {
  readonly #session: Http2Session;
  readonly #limit: number;
  #window: number;
  #received = 0;
  #patience = INITIAL_WINDOW;
  #sampling = false;

  constructor(session: Http2Session, limit: number) {
    this.#session = session;
    this.#limit = limit;
    this.#window = isLoopback(session.socket.remoteAddress) ? Math.min(LOOPBACK_WINDOW, limit) : INITIAL_WINDOW;
    if (this.#window > INITIAL_WINDOW) session.setLocalWindowSize(this.#window);
  }

  /** Bytes of messages came in. */
  received(bytes: number): void {
    this.#received += bytes;
    if (this.#sampling || this.#window >= this.#limit || this.#received < this.#patience) return;
    const session = this.#session;
    if (session.closed || session.destroyed) return;
    this.#sampling = true;
    this.#received = 0;
    session.ping(this.#onPong);
  }

  readonly #onPong = (error: Error | null): void => {
    this.#sampling = false;
    const session = this.#session;
    if (error !== null || session.closed || session.destroyed) return;
    if (this.#received >= (this.#window * 2) / 3) {
      this.#window = Math.min(this.#window * 2, this.#limit);
      this.#patience = this.#window;
      session.setLocalWindowSize(this.#window);
    } else {
      this.#patience = Math.min(this.#patience * 2, MAX_PATIENCE);
    }
    this.#received = 0;
  };
}

function isLoopback(address: string | undefined): boolean {
  return address !== undefined && /^(::ffff:)?127\.|^::1$/.test(address);
}
