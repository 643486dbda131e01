import { messageOf } from "../../core/rpc-error.js";
import type { PolicyClock } from "../clock.js";
import type { Resolver, ResolverListener, ResolverResult } from "./resolver.js";

/** When a name is looked up again. */
export interface RefreshRules {
  /** Milliseconds from one look to the next; Infinity for none but those that are asked for. */
  readonly refreshMs: number;
  /** The fewest milliseconds from one look to the next that is asked for. */
  readonly minRefreshMs: number;
}

const FIRST_RETRY_MS = 1000;
const MAX_RETRY_MS = 120_000;
const RETRY_FACTOR = 1.6;

/**
 * Looks up again: after a while, when it is asked to, and sooner where a look-up failed (from one second on, as the backoff protocol
 * has it). One look-up at a time.
 */
export class RefreshingResolver implements Resolver {
  readonly #lookUp: () => Promise<ResolverResult>;
  readonly #listener: ResolverListener;
  readonly #rules: RefreshRules;
  readonly #clock: PolicyClock;
  #retryMs = FIRST_RETRY_MS;
  #startedAt = 0;
  #busy = false;
  /** Asked for while a look-up ran. */
  #asked = false;
  #cancel: (() => void) | undefined;
  #dueAt = Number.POSITIVE_INFINITY;
  #closed = false;

  constructor(
    lookUp: () => Promise<ResolverResult>,
    listener: ResolverListener,
    rules: RefreshRules,
    clock: PolicyClock,
  ) {
    this.#lookUp = lookUp;
    this.#listener = listener;
    this.#rules = rules;
    this.#clock = clock;
    void this.#look();
  }

  refresh(): void {
    if (this.#busy) this.#asked = true;
    else this.#lookAfter(this.#startedAt + this.#rules.minRefreshMs - this.#clock.now());
  }

  close(): void {
    this.#closed = true;
    this.#cancel?.();
  }

  async #look(): Promise<void> {
    this.#cancel = undefined;
    this.#dueAt = Number.POSITIVE_INFINITY;
    this.#busy = true;
    this.#asked = false;
    this.#startedAt = this.#clock.now();
    let nextMs = this.#rules.refreshMs;
    try {
      const result = await this.#lookUp();
      if (this.#closed) return;
      this.#retryMs = FIRST_RETRY_MS;
      this.#listener.onResult(result);
    } catch (error) {
      if (this.#closed) return;
      nextMs = this.#retryMs;
      this.#retryMs = Math.min(this.#retryMs * RETRY_FACTOR, MAX_RETRY_MS);
      this.#listener.onError(messageOf(error));
    }
    this.#busy = false;
    this.#lookAfter(nextMs);
    if (this.#asked) this.refresh();
  }

  /** Looks up then, or earlier where that is planned already. */
  #lookAfter(delayMs: number): void {
    const delay = Math.max(0, delayMs);
    const dueAt = this.#clock.now() + delay;
    if (this.#closed || delay === Number.POSITIVE_INFINITY || dueAt >= this.#dueAt) return;
    this.#cancel?.();
    this.#dueAt = dueAt;
    this.#cancel = this.#clock.after(delay, () => void this.#look());
  }
}
