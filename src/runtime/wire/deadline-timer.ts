/** setTimeout's longest delay. */
const MAX_DELAY = 0x7fff_ffff;

/** Who has a deadline. */
export interface DeadlineListener {
  onDeadline(): void;
}

/** Tells once that a deadline has passed. */
export class DeadlineTimer {
  readonly #deadline: number;
  readonly #listener: DeadlineListener;
  #timer: NodeJS.Timeout | undefined;

  private constructor(deadline: number, listener: DeadlineListener) {
    this.#deadline = deadline;
    this.#listener = listener;
    this.#arm();
  }

  /** @param deadline Milliseconds since the epoch; Infinity never comes and needs no timer. */
  static start(deadline: number, listener: DeadlineListener): DeadlineTimer | undefined {
    return deadline === Number.POSITIVE_INFINITY ? undefined : new DeadlineTimer(deadline, listener);
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
    else this.#listener.onDeadline();
  };
}
