const UNITS = { H: 3_600_000, M: 60_000, S: 1000, m: 1, u: 0.001, n: 0.000_001 };
/**
 * The value of a `grpc-timeout` header: at most eight digits and a unit (gRPC over HTTP/2, "Timeout"). Rounds up, so
 * that the server never gives up before the client does.
 */
export function formatTimeout(ms) {
    if (ms <= 0)
        return "0m";
    if (ms < 100_000_000)
        return `${Math.ceil(ms)}m`;
    if (ms < 100_000_000_000)
        return `${Math.ceil(ms / 1000)}S`;
    return `${Math.min(99_999_999, Math.ceil(ms / 3_600_000))}H`;
}
/** Milliseconds; undefined where the header is malformed. */
export function parseTimeout(header) {
    const match = /^(\d{1,8})([HMSmun])$/.exec(header);
    return match === null ? undefined : Number(match[1]) * UNITS[match[2]];
}
