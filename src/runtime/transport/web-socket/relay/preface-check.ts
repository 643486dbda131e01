import { Transform, type TransformCallback } from "node:stream";

/** What a client of HTTP/2 says first (RFC 9113, section 3.4). */
const PREFACE: Buffer = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "latin1");

/** A connection that is no HTTP/2. */
export class PrefaceFault extends Error {
  constructor() {
    super("the relay is for gRPC alone: this is no HTTP/2");
  }
}

/** Lets bytes through that begin as HTTP/2 does, so that a relay is no way to talk to its targets in anything else. */
export class PrefaceCheck extends Transform {
  #held: Buffer = Buffer.alloc(0);
  #passed = false;

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    if (this.#passed) {
      done(null, chunk);
      return;
    }
    const held = Buffer.concat([this.#held, chunk]);
    const length = Math.min(held.length, PREFACE.length);
    if (!held.subarray(0, length).equals(PREFACE.subarray(0, length))) {
      done(new PrefaceFault());
      return;
    }
    this.#held = held;
    if (length < PREFACE.length) {
      done();
      return;
    }
    this.#passed = true;
    this.#held = Buffer.alloc(0);
    done(null, held);
  }
}
