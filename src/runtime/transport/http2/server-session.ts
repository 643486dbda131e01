import { constants, type Http2Session } from "node:http2";
import { Keepalive } from "./keepalive.js";
import { ResetBudget } from "./reset-budget.js";
import type { ResolvedServerOptions } from "./server-options.js";
import { WindowGrowth } from "./window-growth.js";

/** Watches one connection of a server: handshake, age, idleness, silence and floods. Its timers keep no process alive. */
export class ServerSession {
  readonly #session: Http2Session;
  readonly #options: ResolvedServerOptions;
  readonly #keepalive: Keepalive;
  readonly #handshake: NodeJS.Timeout;
  #age: NodeJS.Timeout | undefined;
  #grace: NodeJS.Timeout | undefined;
  #idle: NodeJS.Timeout | undefined;
  /** Resolves when the socket is closed. */
  readonly closed: Promise<void>;
  readonly window: WindowGrowth;
  readonly #peer: string;
  readonly #resets = new ResetBudget(0);
  #leaving = false;
  #streams = 0;
  #windowStart = 0;
  #controlFrames = 0;

  constructor(session: Http2Session, options: ResolvedServerOptions) {
    this.#session = session;
    this.#options = options;
    this.#peer = peerOf(session);
    this.closed = new Promise((resolve) => session.once("close", resolve));
    this.window = new WindowGrowth(session, options.connectionWindowBytes);
    this.#keepalive = new Keepalive(session, options, () => session.destroy());
    this.#keepalive.start();
    this.#handshake = later(options.handshakeTimeoutMs, () => session.destroy())!;
    session.once("remoteSettings", () => clearTimeout(this.#handshake));
    session.on("remoteSettings", this.#onControlFrame);
    session.on("ping", this.#onControlFrame);
    session.on("error", ignore);
    session.once("close", () => this.#onClose());
    const age = options.maxConnectionAgeMs * (0.9 + 0.2 * Math.random());
    this.#age = later(age, () => this.#retire());
    this.#watchIdle();
  }

  /** `address:port` of the client. */
  get peer(): string {
    return this.#peer;
  }

  /** A stream begins. */
  readonly streamOpened = (): void => {
    this.#streams++;
    clearTimeout(this.#idle);
  };

  /** @param reset Whether the client reset it. */
  readonly streamClosed = (reset: boolean): void => {
    if (reset) this.streamReset();
    if (--this.#streams === 0) this.#watchIdle();
  };

  /** The client reset a stream. */
  streamReset(): void {
    if (!this.#resets.spend()) this.#expel("too many resets");
  }

  /**
   * Asks the client to go: no new calls, and the connection closes when the last one is over. The GOAWAY is not sent in
   * two steps: node:http2 takes no new stream once one is sent, whatever last stream it names.
   */
  close(): void {
    const session = this.#session;
    if (this.#leaving || session.closed || session.destroyed) return;
    this.#leaving = true;
    // At once, so that no call that is refused from now on comes back on this connection.
    session.goaway(constants.NGHTTP2_NO_ERROR);
    // Not from within an event of HTTP/2.
    setImmediate(() => {
      if (!session.destroyed) session.close();
    });
  }

  /** A call that comes now is left out by the GOAWAY: the client sends it again, so it must not be served here. */
  get leaving(): boolean {
    return this.#leaving;
  }

  destroy(): void {
    this.#session.destroy();
  }

  #retire(): void {
    this.close();
    this.#grace = later(this.#options.maxConnectionAgeGraceMs, () => this.#session.destroy());
  }

  #watchIdle(): void {
    if (this.#session.destroyed) return;
    this.#idle = later(this.#options.maxConnectionIdleMs, () => this.close());
  }

  readonly #onControlFrame = (): void => {
    const now = performance.now();
    if (now - this.#windowStart > 1000) {
      this.#windowStart = now;
      this.#controlFrames = 0;
    }
    if (++this.#controlFrames > this.#options.maxControlFramesPerSecond) {
      this.#expel("too many control frames");
    }
  };

  #expel(reason: string): void {
    this.#keepalive.stop();
    // Not from within the event: nghttp2 may be reading on in this very session, and Node would crash.
    setImmediate(() => this.#session.destroy(new Error(reason), constants.NGHTTP2_ENHANCE_YOUR_CALM));
  }

  #onClose(): void {
    this.#keepalive.stop();
    for (const timer of [this.#handshake, this.#age, this.#grace, this.#idle]) clearTimeout(timer);
  }
}

function peerOf(session: Http2Session): string {
  const { remoteAddress, remotePort } = session.socket;
  if (remoteAddress === undefined) return "unix:";
  return remoteAddress.includes(":") ? `[${remoteAddress}]:${remotePort}` : `${remoteAddress}:${remotePort}`;
}

function later(ms: number, action: () => void): NodeJS.Timeout | undefined {
  return ms > 0x7fff_ffff ? undefined : setTimeout(action, ms).unref();
}

function ignore(): void {}
