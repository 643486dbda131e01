import { constants } from "node:http2";
import { Keepalive } from "./keepalive.js";
/** Watches one connection of a server: handshake, age, idleness, silence and floods. Its timers keep no process alive. */
export class ServerSession {
    #session;
    #options;
    #keepalive;
    #handshake;
    #age;
    #grace;
    #idle;
    #streams = 0;
    #windowStart = 0;
    #controlFrames = 0;
    constructor(session, options) {
        this.#session = session;
        this.#options = options;
        session.setLocalWindowSize(options.connectionWindowBytes);
        this.#keepalive = new Keepalive(session, options, () => session.destroy());
        this.#keepalive.start();
        this.#handshake = later(options.handshakeTimeoutMs, () => session.destroy());
        session.once("remoteSettings", () => clearTimeout(this.#handshake));
        session.on("remoteSettings", this.#onControlFrame);
        session.on("ping", this.#onControlFrame);
        session.on("error", ignore);
        session.once("close", () => this.#onClose());
        const age = options.maxConnectionAgeMs * (0.9 + 0.2 * Math.random());
        this.#age = later(age, () => this.#retire());
        this.#watchIdle();
    }
    /** A stream begins. */
    streamOpened = () => {
        this.#streams++;
        clearTimeout(this.#idle);
    };
    streamClosed = () => {
        if (--this.#streams === 0)
            this.#watchIdle();
    };
    /** Asks the client to go: no new calls, and the connection closes when the last one is over. */
    close() {
        if (!this.#session.closed && !this.#session.destroyed)
            this.#session.close();
    }
    destroy() {
        this.#session.destroy();
    }
    #retire() {
        this.close();
        this.#grace = later(this.#options.maxConnectionAgeGraceMs, () => this.#session.destroy());
    }
    #watchIdle() {
        if (this.#session.destroyed)
            return;
        this.#idle = later(this.#options.maxConnectionIdleMs, () => this.close());
    }
    #onControlFrame = () => {
        const now = performance.now();
        if (now - this.#windowStart > 1000) {
            this.#windowStart = now;
            this.#controlFrames = 0;
        }
        if (++this.#controlFrames > this.#options.maxControlFramesPerSecond) {
            this.#session.destroy(new Error("too many control frames"), constants.NGHTTP2_ENHANCE_YOUR_CALM);
        }
    };
    #onClose() {
        this.#keepalive.stop();
        for (const timer of [this.#handshake, this.#age, this.#grace, this.#idle])
            clearTimeout(timer);
    }
}
function later(ms, action) {
    return ms > 0x7fff_ffff ? undefined : setTimeout(action, ms).unref();
}
function ignore() { }
