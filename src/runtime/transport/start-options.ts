import type { CallContext } from "../core/context.js";
import type { Metadata } from "../core/metadata.js";

/** The options of one call, for the transport. */
export interface StartOptions {
  /** A copy that belongs to the call; a transport may keep it. */
  readonly metadata: Metadata;
  /** When the call ends at the latest, on the monotonic clock; Infinity for never. Sent as time left, and enforced (P5). */
  readonly deadline: number;
  /**
   * Keep the call until a connection is there, instead of failing with UNAVAILABLE. Undefined where the caller does not say: as
   * `false`, unless a service config says otherwise.
   */
  readonly waitForReady: boolean | undefined;
  /** The compression of what this call sends. */
  readonly compression: Compression;
  /** Bytes that may wait on this side, beyond the peer's flow-control window, before `write` returns false. */
  readonly highWaterMark: number;
  /**
   * Servers that earlier attempts of this call went to, or that refused it ({@link CallConnection.server}): a further attempt goes to
   * another one, where there is one. Undefined for a first attempt.
   */
  readonly tried?: ReadonlySet<string> | undefined;
  /** The caller's values, for interceptors; transports ignore them. */
  readonly context?: CallContext | undefined;
}

/** How messages are compressed: by gRPC's names, https://github.com/grpc/grpc/blob/master/doc/compression.md. */
export type Compression = "identity" | "gzip" | "deflate";
