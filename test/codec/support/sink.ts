import type { ByteSink, Codec } from "../../../src/runtime/core/codec.js";

/**
 * A sink that is as small as it may be, so that every write that forgot to reserve is lost; and that moves what it holds
 * whenever it grows, as sinks may.
 */
export class TightSink implements ByteSink {
  bytes: Uint8Array = new Uint8Array(3).fill(0xee);
  position = 3;
  moved = 0;

  reserve(size: number): void {
    if (this.position + size <= this.bytes.length) return;
    const grown = new Uint8Array(this.position + 1 + size).fill(0xee, 0, 1);
    grown.set(this.bytes.subarray(0, this.position), 1);
    this.bytes = grown;
    this.position++;
    this.moved++;
  }
}

/** The bytes that a codec makes of a message. What stood in the sink before must still be there. */
export function encoded<Init>(codec: Codec<unknown, Init>, message: Init): Uint8Array {
  const sink = new TightSink();
  codec.encode(message, sink);
  const start = 3 + sink.moved;
  if (sink.bytes.subarray(0, start).some((byte) => byte !== 0xee))
    throw new Error("the codec wrote outside of its place");
  return sink.bytes.slice(start, sink.position);
}
