import { ErrorCode, errorCodeName } from "../../../h2/index.js";
import type { ForeignServers } from "../byte-pipe.js";

/** How much of the server's own words is passed on. */
const MAX_DEBUG_LENGTH = 200;

const SILENCE = "the server hung up before it said anything";

/** Why a connection is gone, or going, for people. What was learnt first is the cause; what follows are its effects. */
export class Loss {
  #reason: string | undefined;
  #silent = true;

  get reason(): string | undefined {
    return this.#reason;
  }

  /** Whether the server has not said a byte yet. */
  get silent(): boolean {
    return this.#silent;
  }

  note(reason: string): void {
    this.#reason ??= reason;
  }

  /** The server's first bytes: they tell where it does not speak HTTP/2. */
  firstBytes(bytes: Uint8Array, foreign: ForeignServers | undefined): void {
    this.#silent = false;
    this.#reason ??= foreign?.hintOf(bytes);
  }

  /** The server hung up. */
  hungUp(error: Error | undefined, foreign: ForeignServers | undefined): void {
    const known = error?.message;
    if (this.#silent) this.#reason ??= foreign?.silenceOf(SILENCE, error) ?? known ?? SILENCE;
    else this.#reason ??= known;
  }

  /** As other gRPC clients say it: `ENHANCE_YOUR_CALM: "too_many_pings"`. The text is the server's. */
  goaway(code: number, debug: string): void {
    if (code === ErrorCode.NO_ERROR) return;
    const said = debug === "" ? "" : `: ${JSON.stringify(debug.slice(0, MAX_DEBUG_LENGTH))}`;
    this.#reason ??= `the server said GOAWAY, ${errorCodeName(code)}${said}`;
  }
}
