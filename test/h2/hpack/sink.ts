import type { ByteSink } from "../../../src/runtime/core/codec.js";

/** A growing sink, as the transports have one. It grows to exactly what was asked for, so that an encoder that reserves too little writes beside it. */
export class TestSink implements ByteSink {
  bytes: Uint8Array = new Uint8Array(0);
  position = 0;

  reserve(size: number): void {
    if (this.position + size <= this.bytes.length) return;
    const larger = new Uint8Array(this.position + size);
    larger.set(this.bytes.subarray(0, this.position));
    this.bytes = larger;
  }

  /** What was written since the last call. */
  take(): Uint8Array {
    if (this.position > this.bytes.length) throw new Error("written beside the sink");
    const taken = this.bytes.slice(0, this.position);
    this.position = 0;
    return taken;
  }
}
