import { inCleanContext } from "../../../core/async-context.js";
import { MAX_DELAY_MS, startQuietTimer, stopTimer, type Timer } from "../../../core/clock.js";

/** Whose rest is watched. */
export interface IdleOwner {
  /** Calls since the beginning. */
  readonly startedCalls: number;
  /** Whether one is open. */
  readonly hasCalls: boolean;
  /** There was no call for as long as was said. */
  onIdle(): void;
}

/** How often the rest is looked at, in the time that is allowed: a timer that calls start and stop would cost each of them. */
const LOOKS = 4;

/** Tells when there was no call for a while: at the earliest after `timeoutMs`, at the latest a quarter of it later. */
export class IdleWatch {
  readonly #intervalMs: number;
  readonly #owner: IdleOwner;
  #timer: Timer | undefined;
  #seen = 0;
  #quiet = 0;

  /** @param timeoutMs Infinity for never. */
  constructor(timeoutMs: number, owner: IdleOwner) {
    this.#intervalMs = timeoutMs / LOOKS;
    this.#owner = owner;
  }

  /** Watches, or does not. */
  watch(on: boolean): void {
    if (!on) this.stop();
    else if (this.#timer === undefined && this.#intervalMs <= MAX_DELAY_MS) {
      this.#quiet = 0;
      this.#arm();
    }
  }

  stop(): void {
    stopTimer(this.#timer);
    this.#timer = undefined;
  }

  /** @internal */
  fired(): void {
    this.#timer = undefined;
    const { startedCalls, hasCalls } = this.#owner;
    if (hasCalls || startedCalls !== this.#seen) this.#quiet = 0;
    else this.#quiet++;
    this.#seen = startedCalls;
    if (this.#quiet < LOOKS) this.#arm();
    else this.#owner.onIdle();
  }

  #arm(): void {
    inCleanContext(() => {
      this.#timer = startQuietTimer(onTimer, this.#intervalMs, this);
    });
  }
}

function onTimer(watch: IdleWatch): void {
  watch.fired();
}
