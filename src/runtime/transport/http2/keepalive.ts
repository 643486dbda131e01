import type { Http2Session } from "node:http2";

/** When a connection is asked whether its peer is still there (P14). */
export interface KeepaliveOptions {
  /** Milliseconds between pings; Infinity for none. */
  readonly keepaliveTimeMs: number;
  /** Milliseconds a ping may stay unanswered before the connection counts as lost. */
  readonly keepaliveTimeoutMs: number;
}

/** Pings a peer at intervals; `onSilent` hears once when it does not answer. Its timers keep no process alive. */
export class Keepalive {
  readonly #session: Http2Session;
  readonly #options: KeepaliveOptions;
  readonly #onSilent: () => void;
  #interval: NodeJS.Timeout | undefined;
  #timeout: NodeJS.Timeout | undefined;

  constructor(session: Http2Session, options: KeepaliveOptions, onSilent: () => void) {
    this.#session = session;
    this.#options = options;
    this.#onSilent = onSilent;
  }

  start(): void {
    const { keepaliveTimeMs } = this.#options;
    if (this.#interval !== undefined || keepaliveTimeMs > 0x7fff_ffff) return;
    this.#interval = setInterval(this.#ping, keepaliveTimeMs);
    this.#interval.unref();
  }

  stop(): void {
    clearInterval(this.#interval);
    clearTimeout(this.#timeout);
    this.#interval = undefined;
    this.#timeout = undefined;
  }

  /** Asks now, out of turn. */
  probe(): void {
    this.#ping();
  }

  readonly #ping = (): void => {
    const session = this.#session;
    // A session that is closing takes no more pings.
    if (session.destroyed || session.closed || this.#timeout !== undefined) return;
    this.#timeout = setTimeout(() => {
      this.stop();
      this.#onSilent();
    }, this.#options.keepaliveTimeoutMs);
    this.#timeout.unref();
    session.ping((error) => {
      if (error !== null) return;
      clearTimeout(this.#timeout);
      this.#timeout = undefined;
    });
  };
}
