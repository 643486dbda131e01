import { resolveLimits } from "./options.js";
export function resolveServerOptions(options) {
    return {
        ...resolveLimits(options),
        tls: options.tls,
        compression: options.compression ?? "identity",
        highWaterMark: options.highWaterMark ?? 64 * 1024,
        maxConcurrentStreams: options.maxConcurrentStreams ?? 10_000,
        maxConnections: options.maxConnections ?? Number.POSITIVE_INFINITY,
        maxConnectionAgeMs: options.maxConnectionAgeMs ?? Number.POSITIVE_INFINITY,
        maxConnectionAgeGraceMs: options.maxConnectionAgeGraceMs ?? Number.POSITIVE_INFINITY,
        maxConnectionIdleMs: options.maxConnectionIdleMs ?? Number.POSITIVE_INFINITY,
        handshakeTimeoutMs: options.handshakeTimeoutMs ?? 10_000,
        keepaliveTimeMs: options.keepaliveTimeMs ?? 7_200_000,
        keepaliveTimeoutMs: options.keepaliveTimeoutMs ?? 20_000,
        maxControlFramesPerSecond: options.maxControlFramesPerSecond ?? 500,
    };
}
