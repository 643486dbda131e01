import type { Environment } from "../environment.js";
import type { FrameWriter } from "../frames/frame-writer.js";
import { readUint32, writeUint32 } from "../frames/integers.js";

interface Waiting {
  readonly number: number;
  readonly sentAt: number;
  readonly callback: (rtt: number) => void;
}

/** Our PINGs and their answers (RFC 9113, section 6.7). */
export class Pings {
  readonly #writer: FrameWriter;
  readonly #environment: Environment;
  readonly #payload = new Uint8Array(8);
  #waiting: Waiting[] = [];
  #number = 0;

  constructor(writer: FrameWriter, environment: Environment) {
    this.#writer = writer;
    this.#environment = environment;
  }

  send(callback: (rtt: number) => void): void {
    this.#number = (this.#number + 1) >>> 0;
    this.#waiting.push({ number: this.#number, sentAt: this.#environment.now(), callback });
    writeUint32(this.#payload, 4, this.#number);
    this.#writer.ping(this.#payload, 0, false);
  }

  /** A PING with ACK; ignored where no ping is pending. */
  answered(bytes: Uint8Array, start: number): void {
    if (readUint32(bytes, start) !== 0) return;
    const number = readUint32(bytes, start + 4);
    const index = this.#waiting.findIndex((waiting) => waiting.number === number);
    if (index < 0) return;
    const [waiting] = this.#waiting.splice(index, 1);
    if (waiting !== undefined) waiting.callback(this.#environment.now() - waiting.sentAt);
  }

  clear(): void {
    this.#waiting = [];
  }
}
