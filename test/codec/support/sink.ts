import type { ByteSink, Codec } from "../../../src/runtime/core/codec.js";

/** A sink that is as small as it may be, so that every write that forgot to reserve is lost. */
export class TightSink implements ByteSink {
  bytes: Uint8Array = new Uint8Array(3).fill(0xee);
  position = 3;

  reserve(size: number): void {
    if (this.position + size <= this.bytes.length) return;
    const grown = new Uint8Array(this.position + size);
    grown.set(this.bytes.subarray(0, this.position));
    this.bytes = grown;
  }
}

/** The bytes that a codec makes of a message. What stood in the sink before must still be there. */
export function encoded<Init>(codec: Codec<unknown, Init>, message: Init): Uint8Array {
  const sink = new TightSink();
  codec.encode(message, sink);
  const start = 3;
  if (sink.bytes.subarray(0, start).some((byte) => byte !== 0xee))
    throw new Error("the codec wrote outside of its place");
  return sink.bytes.slice(start, sink.position);
}
