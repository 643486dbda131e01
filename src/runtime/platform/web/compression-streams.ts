import { joinBytes } from "../../core/bytes.js";
import { RpcError } from "../../core/rpc-error.js";
import * as Code from "../../core/status-code.js";
import type { Encoding } from "../../wire/compression.js";

/** The streams of the Compression Standard, where the platform has them: browsers since 2023, Node, Deno, Workers. */
interface CompressionGlobals {
  readonly CompressionStream?: typeof CompressionStream;
  readonly DecompressionStream?: typeof DecompressionStream;
}
const platform = globalThis as CompressionGlobals; // typed by what is used of it

/**
 * The encodings that this platform can write and read.
 * @see https://compression.spec.whatwg.org/ "deflate" is the zlib format there, as in gRPC
 */
export const webEncodings: readonly Encoding[] =
  platform.CompressionStream === undefined || platform.DecompressionStream === undefined ? [] : ["gzip", "deflate"];

/** Whether messages in this encoding can be written and read here. */
export function takesWebEncoding(encoding: Encoding | "identity"): boolean {
  return encoding === "identity" || webEncodings.includes(encoding);
}

/** Compresses one message. Only for {@link webEncodings}. */
export async function compressWeb(bytes: Uint8Array, encoding: Encoding): Promise<Uint8Array> {
  return await throughStream(new CompressionStream(encoding), bytes, Number.POSITIVE_INFINITY);
}

/**
 * Inflates one message, never past `limit` bytes. Only for {@link webEncodings}.
 * @throws RpcError RESOURCE_EXHAUSTED past the limit (P12), INTERNAL for bytes that are not in this encoding.
 */
export async function inflateWeb(bytes: Uint8Array, encoding: Encoding, limit: number): Promise<Uint8Array> {
  try {
    return await throughStream(new DecompressionStream(encoding), bytes, limit);
  } catch (cause) {
    if (cause instanceof RpcError) throw cause;
    throw new RpcError(Code.INTERNAL, `a message is not valid ${encoding}`, { cause });
  }
}

async function throughStream(
  { readable, writable }: CompressionStream | DecompressionStream,
  bytes: Uint8Array,
  limit: number,
): Promise<Uint8Array> {
  const writer = writable.getWriter();
  // An error appears on the readable side too.
  const written = writer.write(bytes as Uint8Array<ArrayBuffer>).then(() => writer.close()); // shared memory is never compressed
  written.catch(() => {});
  const parts: Uint8Array[] = [];
  let size = 0;
  const reader = (readable as ReadableStream<Uint8Array>).getReader(); // the standard says so
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    size += read.value.length;
    if (size > limit) {
      reader.cancel().catch(() => {});
      const details = `the inflated message is larger than the limit of ${limit} bytes (maxReceiveMessageBytes)`;
      throw new RpcError(Code.RESOURCE_EXHAUSTED, details);
    }
    parts.push(read.value);
  }
  await written;
  return joinBytes(parts);
}
