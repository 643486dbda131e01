/** setTimeout's longest delay. */
const MAX_DELAY = 0x7fff_ffff;

/** Calls back once when a deadline passes. */
export class DeadlineTimer {
  readonly #deadline: number;
  readonly #callback: () => void;
  #timer: NodeJS.Timeout | undefined;

  /** @param deadline Milliseconds since the epoch; Infinity never comes. */
  constructor(deadline: number, callback: () => void) {
    this.#deadline = deadline;
    this.#callback = callback;
    if (deadline !== Number.POSITIVE_INFINITY) this.#arm();
  }

  clear(): void {
    if (this.#timer !== undefined) clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #arm(): void {
    const delay = Math.max(0, this.#deadline - Date.now());
    this.#timer = setTimeout(this.#onTimer, Math.min(Math.ceil(delay), MAX_DELAY));
  }

  readonly #onTimer = (): void => {
    if (Date.now() < this.#deadline) this.#arm();
    else this.#callback();
  };
}
