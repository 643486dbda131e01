import { ErrorCode, errorCodeName } from "../../../h2/index.js";
import { hintOf, silenceOf } from "./first-bytes.js";

/** How much of the server's own words is passed on. */
const MAX_DEBUG_LENGTH = 200;

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
  firstBytes(bytes: Uint8Array): void {
    this.#silent = false;
    this.#reason ??= hintOf(bytes);
  }

  /** The server hung up. `plain`: it was asked over a socket without TLS. */
  hungUp(plain: boolean, error: Error | undefined): void {
    if (this.#silent) this.#reason ??= silenceOf(plain, error);
    else this.#reason ??= error?.message;
  }

  /** As other gRPC clients say it: `ENHANCE_YOUR_CALM: "too_many_pings"`. The text is the server's. */
  goaway(code: number, debug: string): void {
    if (code === ErrorCode.NO_ERROR) return;
    const said = debug === "" ? "" : `: ${JSON.stringify(debug.slice(0, MAX_DEBUG_LENGTH))}`;
    this.#reason ??= `the server said GOAWAY, ${errorCodeName(code)}${said}`;
  }
}
