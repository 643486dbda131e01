const MULTIPLIER = 1.6;
const JITTER = 0.2;
/** Exponential, with jitter, so that clients of a server that comes back do not arrive all at once. */
export class Backoff {
    #initial;
    #max;
    #next;
    constructor(options) {
        this.#initial = options.initialBackoffMs ?? 1000;
        this.#max = options.maxBackoffMs ?? 120_000;
        this.#next = this.#initial;
    }
    /** The next wait in ms. */
    next(random = Math.random) {
        const wait = Math.min(this.#next, this.#max);
        this.#next = Math.min(this.#next * MULTIPLIER, this.#max);
        return wait * (1 - JITTER + 2 * JITTER * random());
    }
    /** A connection was there: start over. */
    reset() {
        this.#next = this.#initial;
    }
}
