import { inCleanContext } from "../../core/async-context.js";
import { MAX_DELAY_MS, monotonicMs, startQuietTimer, stopTimer, type Timer } from "../../core/clock.js";
import type { Connection } from "../../h2/index.js";

/** When a connection is asked whether its peer is still there (P14). */
export interface KeepaliveOptions {
  /** Milliseconds of silence after which a ping is sent; Infinity for none. */
  readonly keepaliveTimeMs: number;
  /** Milliseconds without a byte, from a ping on, after which the connection counts as lost. */
  readonly keepaliveTimeoutMs: number;
}

/** Whose connection is watched. */
export interface KeepaliveOwner {
  /** Whether there is a reason to ask. */
  readonly wantsKeepalive: boolean;
  /** Nothing came since the ping. Said once. */
  onSilent(): void;
}

/**
 * Pings a peer that has said nothing for a while. Whatever comes counts as an answer. One timer, which runs on when the
 * last call ends and stops by itself if none has begun until it fires: calls come and go without a timer of their own.
 */
export class Keepalive {
  readonly #connection: Connection;
  readonly #options: KeepaliveOptions;
  readonly #owner: KeepaliveOwner;
  #timer: Timer | undefined;
  #timeout: Timer | undefined;
  #askedAt = 0;
  #stopped = false;

  constructor(connection: Connection, options: KeepaliveOptions, owner: KeepaliveOwner) {
    this.#connection = connection;
    this.#options = options;
    this.#owner = owner;
  }

  start(): void {
    if (this.#timer !== undefined || this.#stopped || this.#options.keepaliveTimeMs > MAX_DELAY_MS) return;
    this.#arm(this.#options.keepaliveTimeMs);
  }

  /** For good. */
  stop(): void {
    this.#stopped = true;
    stopTimer(this.#timer);
    stopTimer(this.#timeout);
  }

  /** Asks now, out of turn. */
  probe(): void {
    if (this.#timeout !== undefined || this.#stopped || this.#connection.closed) return;
    this.#askedAt = monotonicMs();
    inCleanContext(() => {
      this.#timeout = startQuietTimer(onTimeout, this.#options.keepaliveTimeoutMs, this);
    });
    this.#connection.ping(this.#onPong);
  }

  #arm(delayMs: number): void {
    inCleanContext(() => {
      this.#timer = startQuietTimer(onTimer, delayMs, this);
    });
  }

  /** @internal */
  fired(): void {
    this.#timer = undefined;
    if (!this.#owner.wantsKeepalive) return;
    const { keepaliveTimeMs } = this.#options;
    const silentFor = monotonicMs() - Math.max(this.#connection.lastReceivedAt, this.#askedAt);
    if (silentFor < keepaliveTimeMs) {
      this.#arm(Math.ceil(keepaliveTimeMs - silentFor));
      return;
    }
    this.probe();
    this.#arm(keepaliveTimeMs);
  }

  /** @internal */
  timedOut(): void {
    this.#timeout = undefined;
    if (this.#connection.lastReceivedAt >= this.#askedAt) return;
    this.stop();
    this.#owner.onSilent();
  }

  readonly #onPong = (): void => {
    stopTimer(this.#timeout);
    this.#timeout = undefined;
  };
}

function onTimer(keepalive: Keepalive): void {
  keepalive.fired();
}

function onTimeout(keepalive: Keepalive): void {
  keepalive.timedOut();
}
