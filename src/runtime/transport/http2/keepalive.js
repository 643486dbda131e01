/** Pings a peer at intervals; `onSilent` hears once when it does not answer. Its timers keep no process alive. */
export class Keepalive {
    #session;
    #options;
    #onSilent;
    #interval;
    #timeout;
    constructor(session, options, onSilent) {
        this.#session = session;
        this.#options = options;
        this.#onSilent = onSilent;
    }
    start() {
        const { keepaliveTimeMs } = this.#options;
        if (this.#interval !== undefined || keepaliveTimeMs > 0x7fff_ffff)
            return;
        this.#interval = setInterval(this.#ping, keepaliveTimeMs);
        this.#interval.unref();
    }
    stop() {
        clearInterval(this.#interval);
        clearTimeout(this.#timeout);
        this.#interval = undefined;
        this.#timeout = undefined;
    }
    #ping = () => {
        const session = this.#session;
        // A session that is closing takes no more pings.
        if (session.destroyed || session.closed || this.#timeout !== undefined)
            return;
        this.#timeout = setTimeout(() => {
            this.stop();
            this.#onSilent();
        }, this.#options.keepaliveTimeoutMs);
        this.#timeout.unref();
        session.ping((error) => {
            if (error !== null)
                return;
            clearTimeout(this.#timeout);
            this.#timeout = undefined;
        });
    };
}
