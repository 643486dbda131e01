import type { EngineStream } from "../streams/engine-stream.js";

/** Where so many turns were taken, what is behind them is let go. */
const TAKEN = 64;

/** Streams that have something to send and a window to send it, in the order of their turns. */
export class SendRing {
  #streams: EngineStream[] = [];
  #taken = 0;

  get empty(): boolean {
    return this.#taken === this.#streams.length;
  }

  push(stream: EngineStream): void {
    this.#streams.push(stream);
  }

  shift(): EngineStream | undefined {
    if (this.empty) return undefined;
    const stream = this.#streams[this.#taken++];
    if (this.empty) {
      this.#streams = [];
      this.#taken = 0;
    } else if (this.#taken === TAKEN) {
      this.#streams = this.#streams.slice(TAKEN);
      this.#taken = 0;
    }
    return stream;
  }
}
