/** setTimeout's longest delay. */
const MAX_DELAY = 0x7fff_ffff;
/** Calls back once when a deadline passes. */
export class DeadlineTimer {
    #deadline;
    #callback;
    #timer;
    /** @param deadline Milliseconds since the epoch; Infinity never comes. */
    constructor(deadline, callback) {
        this.#deadline = deadline;
        this.#callback = callback;
        if (deadline !== Number.POSITIVE_INFINITY)
            this.#arm();
    }
    clear() {
        if (this.#timer !== undefined)
            clearTimeout(this.#timer);
        this.#timer = undefined;
    }
    #arm() {
        const delay = Math.max(0, this.#deadline - Date.now());
        this.#timer = setTimeout(this.#onTimer, Math.min(Math.ceil(delay), MAX_DELAY));
    }
    #onTimer = () => {
        if (Date.now() < this.#deadline)
            this.#arm();
        else
            this.#callback();
    };
}
