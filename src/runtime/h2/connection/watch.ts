import type { Environment, TimerHandle } from "../environment.js";
import type { Limits } from "../limits.js";

/** Ends a connection whose peer owes something for too long: its preface, the acknowledgement of our SETTINGS, the rest of a frame. */
export class Watch {
  readonly #environment: Environment;
  readonly #limits: Limits;
  readonly #tooLate: (text: string) => void;
  #preface: TimerHandle | undefined;
  #settings: TimerHandle | undefined;
  #frame: TimerHandle | undefined;
  /** Which frame is awaited since when; 0 for none. */
  #awaited = 0;
  #awaitedSince = 0;

  constructor(environment: Environment, limits: Limits, tooLate: (text: string) => void) {
    this.#environment = environment;
    this.#limits = limits;
    this.#tooLate = tooLate;
  }

  awaitPreface(): void {
    this.#preface = this.#after(this.#limits.prefaceTimeoutMs, "no preface and SETTINGS came in time");
  }

  prefaceCame(): void {
    this.#cancel(this.#preface);
    this.#preface = undefined;
  }

  /** RFC 9113, section 6.5.3 */
  awaitSettingsAck(): void {
    this.#settings ??= this.#after(this.#limits.settingsTimeoutMs, "SETTINGS were not acknowledged in time");
  }

  settingsAcknowledged(): void {
    this.#cancel(this.#settings);
    this.#settings = undefined;
  }

  /** The rest of the n-th frame or header block is awaited; 0: nothing is. */
  awaitFrame(number: number, now: number): void {
    if (number === this.#awaited) return;
    this.#awaited = number;
    this.#awaitedSince = now;
    // The timer that runs for an earlier frame looks again when it fires: reads that end inside of frames are frequent.
    if (number !== 0 && this.#frame === undefined) this.#armFrame(this.#limits.headerTimeoutMs);
  }

  clear(): void {
    this.prefaceCame();
    this.settingsAcknowledged();
    this.#cancel(this.#frame);
    this.#frame = undefined;
    this.#awaited = 0;
  }

  #armFrame(ms: number): void {
    if (!Number.isFinite(ms)) return;
    this.#frame = this.#environment.after(ms, () => {
      this.#frame = undefined;
      if (this.#awaited === 0) return;
      const left = this.#awaitedSince + this.#limits.headerTimeoutMs - this.#environment.now();
      if (left > 0) this.#armFrame(left);
      else this.#tooLate("a frame or header block was not complete in time");
    });
  }

  #after(ms: number, text: string): TimerHandle | undefined {
    if (!Number.isFinite(ms)) return undefined;
    return this.#environment.after(ms, () => this.#tooLate(text));
  }

  #cancel(timer: TimerHandle | undefined): void {
    if (timer !== undefined) this.#environment.cancel(timer);
  }
}
