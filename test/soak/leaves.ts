/** A client moves on to another connection before it has sent so many resets that servers take it for an attack: 33 a second. */
const PER_SECOND = 20;

/** Says how many calls may cost a reset of their client, so that a connection which nobody cuts is kept. */
export class Leaves {
  #left = PER_SECOND;
  #filledAt = performance.now();

  /** Takes one; false where there is none. */
  take(): boolean {
    const now = performance.now();
    this.#left = Math.min(PER_SECOND, this.#left + ((now - this.#filledAt) / 1000) * PER_SECOND);
    this.#filledAt = now;
    if (this.#left < 1) return false;
    this.#left--;
    return true;
  }
}
