import { resolveLimits } from "./options.js";
const USER_AGENT = "gen-stubs-runtime/0.1.0";
export function resolveChannelOptions(options, createConnection) {
    return {
        ...resolveLimits(options),
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
