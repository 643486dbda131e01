import { Transform, type TransformCallback } from "node:stream";

/** What a client of HTTP/2 says first (RFC 9113, section 3.4). */
const PREFACE: Buffer = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "latin1");

/**
 * Lets bytes through that begin as HTTP/2 does, so that a relay is no way to talk to its targets in anything else. Of others nothing
 * goes on, and `onFault` hears of it, once.
 */
export class PrefaceCheck extends Transform {
  readonly #onFault: () => void;
  #held: Buffer = Buffer.alloc(0);
  #state: "begins" | "passes" | "fault" = "begins";

  constructor(onFault: () => void) {
    super();
    this.#onFault = onFault;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    if (this.#state !== "begins") {
      if (this.#state === "passes") done(null, chunk);
      else done();
      return;
    }
    const held = Buffer.concat([this.#held, chunk]);
    const length = Math.min(held.length, PREFACE.length);
    if (!held.subarray(0, length).equals(PREFACE.subarray(0, length))) {
      this.#state = "fault";
      this.#onFault();
      done();
      return;
    }
    this.#held = held;
    if (length < PREFACE.length) {
      done();
      return;
    }
    this.#state = "passes";
    this.#held = Buffer.alloc(0);
    done(null, held);
  }
}
