import { type OptionNames, refuseUnknown } from "../../../core/known-options.js";
import type { Compression } from "../../transport.js";
import { type Http2Limits, type Platform, type ResolvedLimits, resolveLimits } from "../limits.js";

/** What a server accepts. Every limit has a default that is safe for a server on the internet. */
export interface Http2ServerOptions extends Http2Limits {
  /** The compression of answers, for clients that accept it. Default identity. */
  readonly compression?: Compression | undefined;
  /** Bytes that may wait on this side of a call, beyond the client's flow-control window. Default 160 KiB. */
  readonly highWaterMark?: number | undefined;
  /**
   * Bytes of answers that may wait on this side of one connection. Over it, a call that has anything waiting gets no room
   * for more, whatever its own `highWaterMark` says. Default 16 MiB.
   */
  readonly maxUnsentBytes?: number | undefined;
  /**
   * Calls at a time on one connection, those included that ended early while their handlers run on. Further ones are
   * refused (REFUSED_STREAM). Default 10000.
   */
  readonly maxConcurrentStreams?: number | undefined;
  /** Connections at a time; further ones are closed at once. Default: no limit. */
  readonly maxConnections?: number | undefined;
  /** Milliseconds after which a connection is closed gracefully (GOAWAY), with a jitter of ±10 %. Default: no limit. */
  readonly maxConnectionAgeMs?: number | undefined;
  /** Milliseconds that calls get to finish once a connection has its age. Default: no limit. */
  readonly maxConnectionAgeGraceMs?: number | undefined;
  /** Milliseconds without a call after which a connection is closed gracefully (GOAWAY). Default: no limit. */
  readonly maxConnectionIdleMs?: number | undefined;
  /** Milliseconds a new connection has to complete TLS and the HTTP/2 preface, and a header block to arrive. Default 10000. */
  readonly handshakeTimeoutMs?: number | undefined;
  /** Milliseconds without received bytes after which a keepalive ping is sent; Infinity for never. Default 120000 (2 minutes). */
  readonly keepaliveTimeMs?: number | undefined;
  /** Milliseconds a keepalive ping may stay unanswered. Default 20000. */
  readonly keepaliveTimeoutMs?: number | undefined;
  /**
   * Milliseconds that a client has to leave between pings while it gets nothing. At the third ping too early its connection
   * ends with GOAWAY `ENHANCE_YOUR_CALM: "too_many_pings"` (gRFC A8). Default 5000; other servers ask for 5 minutes.
   */
  readonly permitKeepaliveTimeMs?: number | undefined;
  /** Pings, settings and the like that a client may send in one second before its connection is closed. Default 500. */
  readonly maxControlFramesPerSecond?: number | undefined;
  /**
   * Streams that a client may reset, or make us reset, in one second before its connection is closed; ten times as many at once.
   * Default 100. Against rapid reset (CVE-2023-44487) and MadeYouReset (CVE-2025-8671).
   */
  readonly maxResetsPerSecond?: number | undefined;
  /** DATA frames without data that a client may send in one second; ten times as many at once. Default 100. (CVE-2019-9518) */
  readonly maxEmptyFramesPerSecond?: number | undefined;
  /** Frames that a client may send in one second on streams that are over; ten times as many at once. Default 200. */
  readonly maxStrayFramesPerSecond?: number | undefined;
  /** Bytes of one block of headers as it is sent, compressed. Default 1 MiB. Against CONTINUATION floods (CVE-2024-27316). */
  readonly maxHeaderBlockBytes?: number | undefined;
  /** CONTINUATION frames of one block of headers. Default 128. */
  readonly maxContinuationFrames?: number | undefined;
  /** Bytes of answers to pings and settings, resets and credits, that may wait for a client that does not read. Default 1 MiB. */
  readonly maxControlBacklogBytes?: number | undefined;
  /** Bytes of anything that may wait for a client that does not read when it opens a further stream. Default 8 MiB. */
  readonly maxWriteBacklogBytes?: number | undefined;
}

/** The names of {@link Http2ServerOptions}. */
export const SERVER_OPTIONS: OptionNames<Http2ServerOptions> = {
  maxReceiveMessageBytes: true,
  maxSendMessageBytes: true,
  maxMetadataBytes: true,
  maxMetadataPairs: true,
  streamWindowBytes: true,
  maxUnreadBytes: true,
  compression: true,
  highWaterMark: true,
  maxUnsentBytes: true,
  maxConcurrentStreams: true,
  maxConnections: true,
  maxConnectionAgeMs: true,
  maxConnectionAgeGraceMs: true,
  maxConnectionIdleMs: true,
  handshakeTimeoutMs: true,
  keepaliveTimeMs: true,
  keepaliveTimeoutMs: true,
  permitKeepaliveTimeMs: true,
  maxControlFramesPerSecond: true,
  maxResetsPerSecond: true,
  maxEmptyFramesPerSecond: true,
  maxStrayFramesPerSecond: true,
  maxHeaderBlockBytes: true,
  maxContinuationFrames: true,
  maxControlBacklogBytes: true,
  maxWriteBacklogBytes: true,
};

export type ResolvedServerOptions = ResolvedLimits & {
  readonly [Option in Exclude<keyof Http2ServerOptions, keyof Http2Limits | "compression">]-?: number;
} & { readonly compression: Compression };

/** @throws TypeError for an unknown option. */
export function resolveServerOptions(options: Http2ServerOptions, platform: Platform): ResolvedServerOptions {
  refuseUnknown(options, SERVER_OPTIONS, "an HTTP/2 server");
  return {
    ...resolveLimits(options, platform),
    compression: options.compression ?? "identity",
    highWaterMark: options.highWaterMark ?? 160 * 1024,
    maxUnsentBytes: options.maxUnsentBytes ?? 16 * 1024 * 1024,
    maxConcurrentStreams: options.maxConcurrentStreams ?? 10_000,
    maxConnections: options.maxConnections ?? Number.POSITIVE_INFINITY,
    maxConnectionAgeMs: options.maxConnectionAgeMs ?? Number.POSITIVE_INFINITY,
    maxConnectionAgeGraceMs: options.maxConnectionAgeGraceMs ?? Number.POSITIVE_INFINITY,
    maxConnectionIdleMs: options.maxConnectionIdleMs ?? Number.POSITIVE_INFINITY,
    handshakeTimeoutMs: options.handshakeTimeoutMs ?? 10_000,
    keepaliveTimeMs: options.keepaliveTimeMs ?? 120_000,
    keepaliveTimeoutMs: options.keepaliveTimeoutMs ?? 20_000,
    permitKeepaliveTimeMs: options.permitKeepaliveTimeMs ?? 5000,
    maxControlFramesPerSecond: options.maxControlFramesPerSecond ?? 500,
    maxResetsPerSecond: options.maxResetsPerSecond ?? 100,
    maxEmptyFramesPerSecond: options.maxEmptyFramesPerSecond ?? 100,
    maxStrayFramesPerSecond: options.maxStrayFramesPerSecond ?? 200,
    maxHeaderBlockBytes: options.maxHeaderBlockBytes ?? 1024 * 1024,
    maxContinuationFrames: options.maxContinuationFrames ?? 128,
    maxControlBacklogBytes: options.maxControlBacklogBytes ?? 1024 * 1024,
    maxWriteBacklogBytes: options.maxWriteBacklogBytes ?? 8 * 1024 * 1024,
  };
}
