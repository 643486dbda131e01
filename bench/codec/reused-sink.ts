import type { ByteSink } from "gen-stubs-runtime";

/** A buffer that is written over and over, as a transport's is. */
export class ReusedSink implements ByteSink {
  bytes: Uint8Array = new Uint8Array(256 << 10);
  position = 0;

  reserve(size: number): void {
    if (this.position + size <= this.bytes.length) return;
    const grown = new Uint8Array(2 * (this.position + size));
    grown.set(this.bytes.subarray(0, this.position));
    this.bytes = grown;
  }
}
