import type { Compression } from "../transport.js";
import { type Http2Limits, type ResolvedLimits, resolveLimits } from "./options.js";

/** What a server accepts. Every limit has a default, so that a server in the open is guarded without further ado. */
export interface Http2ServerOptions extends Http2Limits {
  /** The compression of answers, for clients that accept it. Default identity. */
  readonly compression?: Compression | undefined;
  /** Bytes that may wait on this side of a call, beyond the client's flow-control window. Default 160 KiB. */
  readonly highWaterMark?: number | undefined;
  /** Calls at a time on one connection. Default 10000. */
  readonly maxConcurrentStreams?: number | undefined;
  /** Connections at a time; further ones are closed at once. Default: no limit. */
  readonly maxConnections?: number | undefined;
  /** Milliseconds after which a connection is asked to go (GOAWAY), give or take a tenth. Default: none. */
  readonly maxConnectionAgeMs?: number | undefined;
  /** Milliseconds that calls get to finish once a connection has its age. Default: no limit. */
  readonly maxConnectionAgeGraceMs?: number | undefined;
  /** Milliseconds without a call after which a connection is asked to go. Default: none. */
  readonly maxConnectionIdleMs?: number | undefined;
  /** Milliseconds a new connection has to complete TLS and the HTTP/2 preface. Default 10000. */
  readonly handshakeTimeoutMs?: number | undefined;
  /**
   * Milliseconds between keepalive pings; Infinity for none. Default 120000 (2 minutes), which is more often than other
   * servers ask: node:http2 does not close a connection on which a client broke HTTP/2, and only a ping finds that out.
   */
  readonly keepaliveTimeMs?: number | undefined;
  /** Milliseconds a keepalive ping may stay unanswered. Default 20000. */
  readonly keepaliveTimeoutMs?: number | undefined;
  /** Pings and settings a client may send in one second before its connection is closed. Default 500. */
  readonly maxControlFramesPerSecond?: number | undefined;
}

export interface ResolvedServerOptions extends ResolvedLimits {
  readonly compression: Compression;
  readonly highWaterMark: number;
  readonly maxConcurrentStreams: number;
  readonly maxConnections: number;
  readonly maxConnectionAgeMs: number;
  readonly maxConnectionAgeGraceMs: number;
  readonly maxConnectionIdleMs: number;
  readonly handshakeTimeoutMs: number;
  readonly keepaliveTimeMs: number;
  readonly keepaliveTimeoutMs: number;
  readonly maxControlFramesPerSecond: number;
}

export function resolveServerOptions(options: Http2ServerOptions): ResolvedServerOptions {
  return {
    ...resolveLimits(options, { connectionWindowBytes: 512 * 1024 }),
    compression: options.compression ?? "identity",
    highWaterMark: options.highWaterMark ?? 160 * 1024,
    maxConcurrentStreams: options.maxConcurrentStreams ?? 10_000,
    maxConnections: options.maxConnections ?? Number.POSITIVE_INFINITY,
    maxConnectionAgeMs: options.maxConnectionAgeMs ?? Number.POSITIVE_INFINITY,
    maxConnectionAgeGraceMs: options.maxConnectionAgeGraceMs ?? Number.POSITIVE_INFINITY,
    maxConnectionIdleMs: options.maxConnectionIdleMs ?? Number.POSITIVE_INFINITY,
    handshakeTimeoutMs: options.handshakeTimeoutMs ?? 10_000,
    keepaliveTimeMs: options.keepaliveTimeMs ?? 120_000,
    keepaliveTimeoutMs: options.keepaliveTimeoutMs ?? 20_000,
    maxControlFramesPerSecond: options.maxControlFramesPerSecond ?? 500,
  };
}
