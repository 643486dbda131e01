import { type ByteSink, type Codec, writeBytes } from "../../core/codec.js";
import { FrameBuffer } from "../../wire/frame-buffer.js";

/** A request that is encoded already. */
export class EncodedRequest {
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
}

/** The codec, which takes requests that are encoded already too. */
export function withEncoded<Message, Init>(codec: Codec<Message, Init>): Codec<Message, Init | EncodedRequest> {
  return {
    typeName: codec.typeName,
    encode(message: Init | EncodedRequest, into: ByteSink): void {
      if (message instanceof EncodedRequest) writeBytes(message.bytes, into);
      else codec.encode(message, into);
    },
    decode: (bytes) => codec.decode(bytes),
  };
}

/** Where messages are encoded; a codec's own code may send another one meanwhile, which then gets a buffer of its own. */
const shared = new FrameBuffer();
let busy = false;

/**
 * Encodes a message and shows its bytes, which are gone when `use` has returned. Throws what the codec throws.
 */
export function encodeTo<Init, Result>(
  codec: Codec<unknown, Init>,
  message: Init,
  use: (bytes: Uint8Array) => Result,
): Result {
  const own = busy;
  const buffer = own ? new FrameBuffer() : shared;
  busy = true;
  try {
    codec.encode(message, buffer);
    return use(buffer.bytes.subarray(0, buffer.position));
  } finally {
    buffer.clear();
    busy = own;
  }
}
