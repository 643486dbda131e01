/** The longest timeout of Connect: ten digits of milliseconds, about 115 days. */
const LONGEST_MS = 9_999_999_999;

/**
 * The value of a `connect-timeout-ms` header: at most ten digits (Connect protocol reference, "Timeout"). Rounds up, so that the server
 * never gives up before the client does.
 */
export function formatConnectTimeout(ms: number): string {
  return String(Math.min(LONGEST_MS, Math.max(0, Math.ceil(ms))));
}

/** Milliseconds; undefined where the header is malformed. */
export function parseConnectTimeout(header: string): number | undefined {
  return /^\d{1,10}$/.test(header) ? Number(header) : undefined;
}
