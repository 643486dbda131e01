import type { ConnectionEvent } from "../../core/diagnostics.js";
import type { Environment } from "../../h2/index.js";
import type { Compressor } from "../../wire/compression.js";

/** Hears what becomes of a channel's connections, and of calls that are sent again. */
export interface ChannelNews {
  connection(
    target: string,
    state: ConnectionEvent["state"],
    connection: { readonly peer: string; readonly lost: string | undefined },
  ): void;
  /** A call that the server did not process is sent again. */
  retry(method: string, peer: string, reason: string): void;
}

/** What a transport needs of the platform it runs on. */
export interface Platform {
  readonly environment: Environment;
  readonly compressor: Compressor;
  /** Whoever is told what becomes of a channel's connections. Pages have nobody. */
  readonly news?: ChannelNews | undefined;
}

/** Limits that both sides of a connection have. */
export interface Http2Limits {
  /**
   * Bytes of the largest message that is accepted, after decompression. A larger one ends the call with RESOURCE_EXHAUSTED. Default
   * 4 MiB (4194304).
   */
  readonly maxReceiveMessageBytes?: number | undefined;
  /** Bytes of the largest message that may be sent, before compression. A larger one ends the call with RESOURCE_EXHAUSTED. Default: no limit. */
  readonly maxSendMessageBytes?: number | undefined;
  /**
   * Bytes of the largest block of headers or trailers that is accepted, and that is sent where the peer does not allow less, as
   * HTTP/2 counts it: 32 bytes for each pair beside name and value. Default 64 KiB (65536).
   */
  readonly maxMetadataBytes?: number | undefined;
  /** Pairs in a block of headers or trailers that is accepted. Default 1024. */
  readonly maxMetadataPairs?: number | undefined;
  /**
   * Bytes that a peer may send on one stream before they are read. A stream starts with 64 KiB at most, and gets more as
   * the bandwidth and the delay of the connection ask for it. Default 16 MiB.
   */
  readonly streamWindowBytes?: number | undefined;
  /**
   * Bytes that may wait unread on one connection beyond the first 64 KiB of each stream. Default 64 MiB. Over it, windows
   * do not grow.
   */
  readonly maxUnreadBytes?: number | undefined;
}

/** {@link Http2Limits} with the defaults filled in, and what is the platform's. */
export type ResolvedLimits = { readonly [Limit in keyof Http2Limits]-?: number } & Platform;

export function resolveLimits(options: Http2Limits, platform: Platform): ResolvedLimits {
  return {
    environment: platform.environment,
    compressor: platform.compressor,
    news: platform.news,
    maxReceiveMessageBytes: options.maxReceiveMessageBytes ?? 4 * 1024 * 1024,
    maxSendMessageBytes: options.maxSendMessageBytes ?? Number.POSITIVE_INFINITY,
    maxMetadataBytes: options.maxMetadataBytes ?? 65_536,
    maxMetadataPairs: options.maxMetadataPairs ?? 1024,
    streamWindowBytes: options.streamWindowBytes ?? 16 * 1024 * 1024,
    maxUnreadBytes: options.maxUnreadBytes ?? 64 * 1024 * 1024,
  };
}
