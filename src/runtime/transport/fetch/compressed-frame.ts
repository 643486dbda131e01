import { compressWeb } from "../../platform/web/compression-streams.js";
import { PREFIX_BYTES, putPrefix } from "../../wire/message-prefix.js";
import type { Compression } from "../transport.js";

/** The message behind a prefix, compressed where that is asked for. */
export async function compressedMessage(frame: Uint8Array, compression: Compression): Promise<Uint8Array> {
  const message = frame.subarray(PREFIX_BYTES);
  return compression === "identity" ? message : await compressWeb(message, compression);
}

/** The frame again, its message compressed where that is asked for. */
export async function compressedFrame(frame: Uint8Array, compression: Compression): Promise<Uint8Array> {
  if (compression === "identity") return frame;
  const message = await compressWeb(frame.subarray(PREFIX_BYTES), compression);
  const compressed = new Uint8Array(PREFIX_BYTES + message.length);
  putPrefix(compressed, 0, 1, message.length);
  compressed.set(message, PREFIX_BYTES);
  return compressed;
}
