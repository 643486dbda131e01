import type { Duplex } from "node:stream";
import type { ConnectionOptions } from "node:tls";
import type { BackoffOptions } from "./backoff.js";
import { type Http2Limits, type ResolvedLimits, resolveLimits } from "./options.js";

/** How a channel connects and what it accepts. */
export interface Http2ChannelOptions extends Http2Limits, BackoffOptions {
  /** Node's own TLS options (`ca`, `cert`, `key`, `servername`…), for https:// targets and TLS over unix sockets. */
  readonly tls?: ConnectionOptions | undefined;
  /** What `:authority` says instead of the target's host and port. */
  readonly authority?: string | undefined;
  /** Put before our own name in the `user-agent`. */
  readonly userAgent?: string | undefined;
  /** Milliseconds one attempt to connect may take. Default 20000. */
  readonly connectTimeoutMs?: number | undefined;
  /** Milliseconds between keepalive pings while calls are open. Default 360000 (6 minutes); Infinity for none. */
  readonly keepaliveTimeMs?: number | undefined;
  /** Milliseconds a keepalive ping may stay unanswered. Default 20000. */
  readonly keepaliveTimeoutMs?: number | undefined;
  /** Ping although no call is open. Default false. */
  readonly keepaliveWithoutCalls?: boolean | undefined;
  /** Calls on one connection, if the server does not allow fewer; further ones use a further connection. Default 900. */
  readonly maxStreamsPerConnection?: number | undefined;
  /** Connections at a time; calls beyond them wait. Default 32. */
  readonly maxConnections?: number | undefined;
}

export interface ResolvedChannelOptions extends ResolvedLimits, BackoffOptions {
  readonly tls: ConnectionOptions | undefined;
  readonly authority: string | undefined;
  readonly userAgent: string;
  readonly connectTimeoutMs: number;
  readonly keepaliveTimeMs: number;
  readonly keepaliveTimeoutMs: number;
  readonly keepaliveWithoutCalls: boolean;
  readonly maxStreamsPerConnection: number;
  readonly maxConnections: number;
  /** A connection that is there already, for the in-process transport. */
  readonly createConnection: (() => Duplex) | undefined;
}

const USER_AGENT = "gen-stubs-runtime/0.1.0";

export function resolveChannelOptions(
  options: Http2ChannelOptions,
  createConnection?: () => Duplex,
): ResolvedChannelOptions {
  return {
    ...resolveLimits(options, { connectionWindowBytes: 16 * 1024 * 1024 }),
    ...(options.initialBackoffMs === undefined ? {} : { initialBackoffMs: options.initialBackoffMs }),
    ...(options.maxBackoffMs === undefined ? {} : { maxBackoffMs: options.maxBackoffMs }),
    tls: options.tls,
    authority: options.authority,
    userAgent: options.userAgent === undefined ? USER_AGENT : `${options.userAgent} ${USER_AGENT}`,
    connectTimeoutMs: options.connectTimeoutMs ?? 20_000,
    keepaliveTimeMs: options.keepaliveTimeMs ?? 360_000,
    keepaliveTimeoutMs: options.keepaliveTimeoutMs ?? 20_000,
    keepaliveWithoutCalls: options.keepaliveWithoutCalls ?? false,
    maxStreamsPerConnection: options.maxStreamsPerConnection ?? 900,
    maxConnections: options.maxConnections ?? 32,
    createConnection,
  };
}
