import { type OptionNames, refuseUnknown } from "../../../core/known-options.js";
import { VERSION } from "../../../core/version.js";
import { type Http2Limits, type Platform, type ResolvedLimits, resolveLimits } from "../limits.js";
import type { BackoffOptions } from "./backoff.js";
import type { DialOptions } from "./dial-options.js";

/** How a channel connects and what it accepts. */
export interface Http2ChannelOptions extends Http2Limits, BackoffOptions, DialOptions {
  /** The value of `:authority`. Default: the target's host and port. */
  readonly authority?: string | undefined;
  /** Put before our own name in the `user-agent`. */
  readonly userAgent?: string | undefined;
  /** Milliseconds one attempt to connect may take. Default 20000. */
  readonly connectTimeoutMs?: number | undefined;
  /**
   * Milliseconds of silence after which a ping is sent while calls are open; doubled each time that a server finds it too often. Default
   * 330000: above the 5 minutes that grpc-go's servers ask for, and below the 350 s after which AWS' NLB forgets a connection. For those that
   * forget sooner, as Azure's after 240 s, TCP's own keepalive asks each 200 s, calls or none. Infinity for no pings.
   */
  readonly keepaliveTimeMs?: number | undefined;
  /** Milliseconds a keepalive ping may stay unanswered. Default 20000. */
  readonly keepaliveTimeoutMs?: number | undefined;
  /** Ping although no call is open. Default false. */
  readonly keepaliveWithoutCalls?: boolean | undefined;
  /** Calls on one connection, if the server does not allow fewer; further ones use a further connection. Default 900. */
  readonly maxStreamsPerConnection?: number | undefined;
  /** Connections at a time, to one address; calls beyond them wait. Default 32. */
  readonly maxConnections?: number | undefined;
  /**
   * Milliseconds without a call after which connections are closed, and a name is looked up no more; the next call connects again. Up
   * to a quarter of it later. Default 1800000 (30 minutes, as gRPC has it); Infinity for never.
   */
  readonly clientIdleTimeoutMs?: number | undefined;
}

/** The names of {@link Http2ChannelOptions}. */
export const CHANNEL_OPTIONS: OptionNames<Http2ChannelOptions> = {
  maxReceiveMessageBytes: true,
  maxSendMessageBytes: true,
  maxMetadataBytes: true,
  maxMetadataPairs: true,
  streamWindowBytes: true,
  maxUnreadBytes: true,
  initialBackoffMs: true,
  maxBackoffMs: true,
  tls: true,
  proxy: true,
  createConnection: true,
  authority: true,
  userAgent: true,
  connectTimeoutMs: true,
  keepaliveTimeMs: true,
  keepaliveTimeoutMs: true,
  keepaliveWithoutCalls: true,
  maxStreamsPerConnection: true,
  maxConnections: true,
  clientIdleTimeoutMs: true,
};

/** {@link Http2ChannelOptions} without what is the dialler's, with the defaults filled in. */
export interface ResolvedChannelOptions extends ResolvedLimits, BackoffOptions {
  readonly authority: string | undefined;
  readonly userAgent: string;
  readonly connectTimeoutMs: number;
  readonly keepaliveTimeMs: number;
  readonly keepaliveTimeoutMs: number;
  readonly keepaliveWithoutCalls: boolean;
  readonly maxStreamsPerConnection: number;
  readonly maxConnections: number;
  readonly clientIdleTimeoutMs: number;
}

const USER_AGENT = `gen-stubs-runtime/${VERSION}`;

/** @throws TypeError for an unknown option, or a text that cannot be a header. */
export function resolveChannelOptions(options: Http2ChannelOptions, platform: Platform): ResolvedChannelOptions {
  refuseUnknown(options, CHANNEL_OPTIONS, "an HTTP/2 channel");
  checkHeaderText("authority", options.authority);
  checkHeaderText("userAgent", options.userAgent);
  return {
    ...resolveLimits(options, platform),
    initialBackoffMs: options.initialBackoffMs,
    maxBackoffMs: options.maxBackoffMs,
    authority: options.authority,
    userAgent: options.userAgent === undefined ? USER_AGENT : `${options.userAgent} ${USER_AGENT}`,
    connectTimeoutMs: options.connectTimeoutMs ?? 20_000,
    keepaliveTimeMs: options.keepaliveTimeMs ?? 330_000,
    keepaliveTimeoutMs: options.keepaliveTimeoutMs ?? 20_000,
    keepaliveWithoutCalls: options.keepaliveWithoutCalls ?? false,
    maxStreamsPerConnection: options.maxStreamsPerConnection ?? 900,
    maxConnections: options.maxConnections ?? 32,
    clientIdleTimeoutMs: options.clientIdleTimeoutMs ?? 1_800_000,
  };
}

function checkHeaderText(name: string, value: string | undefined): void {
  if (value === undefined || /^[ -~]+$/.test(value)) return;
  throw new TypeError(`${name} must be printable ASCII, as it is sent as a header: ${JSON.stringify(value)}`);
}
