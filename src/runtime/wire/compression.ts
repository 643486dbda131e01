import { RpcError } from "../core/rpc-error.js";
import * as Code from "../core/status-code.js";
import type { Compression } from "../transport/transport.js";

/** A compression that changes bytes. */
export type Encoding = Exclude<Compression, "identity">;

/** The compression functions of the platform: Node and browsers have different ones. */
export interface Compressor {
  /** The encodings that it can inflate, as the value of `grpc-accept-encoding`. Default: all that this runtime knows. */
  readonly accepts?: string | undefined;
  /** `deflate` is the zlib format (RFC 1950), as gRPC's compression specification has it. */
  compress(bytes: Uint8Array, encoding: Encoding): Uint8Array;
  /** Inflates, never past `limit` bytes: throws a RangeError there, and another error for bytes that are no such stream. */
  decompress(bytes: Uint8Array, encoding: Encoding, limit: number): Uint8Array;
}

/** All encodings that this runtime knows, as the value of `grpc-accept-encoding`. */
export const ACCEPT_ENCODING = "identity,deflate,gzip";

/** The encoding a `grpc-encoding` header names (absent: identity), or undefined where we do not know it. */
export function parseEncoding(header: string | undefined): Compression | undefined {
  if (header === undefined) return "identity";
  return header === "identity" || header === "gzip" || header === "deflate" ? header : undefined;
}

/**
 * Inflates one message, never past `limit` bytes.
 * @throws RpcError RESOURCE_EXHAUSTED past the limit (P12), INTERNAL for bytes that are no such stream.
 */
export function inflate(compressor: Compressor, bytes: Uint8Array, encoding: Encoding, limit: number): Uint8Array {
  try {
    return compressor.decompress(bytes, encoding, limit);
  } catch (cause) {
    if (cause instanceof RangeError) {
      const details = `the inflated message is larger than the limit of ${limit} bytes (maxReceiveMessageBytes)`;
      throw new RpcError(Code.RESOURCE_EXHAUSTED, details);
    }
    if (cause instanceof RpcError) throw cause;
    throw new RpcError(Code.INTERNAL, `a message is not valid ${encoding}`, { cause });
  }
}
