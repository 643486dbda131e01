import { inCleanContext } from "../../../core/async-context.js";
import { MAX_DELAY_MS, startQuietTimer, stopTimer, type Timer } from "../../../core/clock.js";
import { type StatusObject, statusObject } from "../../../core/rpc-error.js";
import { status } from "../../../core/status.js";
import { withJitter } from "./age-jitter.js";
import type { ResolvedServerOptions } from "./server-options.js";

const AGED: StatusObject = statusObject(status.UNAVAILABLE, "the connection has reached its maximum age");

/** Whose time it is. */
export interface LifeOwner {
  /** Asks the client to go; its calls finish. */
  goAway(debug: string): void;
  /** Ends what is open with this status, then closes. */
  end(result: StatusObject, debug: string): void;
}

/** How long a connection of a server may last: for its age, and for having nothing to do (gRFC A9). */
export class ConnectionLife {
  readonly #owner: LifeOwner;
  readonly #graceMs: number;
  readonly #idleMs: number;
  #age: Timer | undefined;
  #idle: Timer | undefined;

  constructor(
    options: Pick<ResolvedServerOptions, "maxConnectionAgeMs" | "maxConnectionAgeGraceMs" | "maxConnectionIdleMs">,
    owner: LifeOwner,
  ) {
    this.#owner = owner;
    this.#graceMs = options.maxConnectionAgeGraceMs;
    this.#idleMs = options.maxConnectionIdleMs;
    this.#age = later(withJitter(options.maxConnectionAgeMs), () => this.#aged());
  }

  /** No call is open: from now on it is idle. */
  rests(): void {
    stopTimer(this.#idle);
    this.#idle = later(this.#idleMs, () => this.#owner.goAway("max_idle"));
  }

  /** A call began. */
  works(): void {
    stopTimer(this.#idle);
  }

  /** It is over. */
  stop(): void {
    stopTimer(this.#age);
    stopTimer(this.#idle);
  }

  #aged(): void {
    this.#owner.goAway("max_age");
    this.#age = later(this.#graceMs, () => this.#owner.end(AGED, "max_age"));
  }
}

function later(ms: number, action: () => void): Timer | undefined {
  return ms > MAX_DELAY_MS ? undefined : inCleanContext(() => startQuietTimer(action, ms));
}
