import type { Metadata } from "../../core/metadata.js";

/** A server's pushback for further attempts: milliseconds to wait, `"never"`, or undefined. */
export type Pushback = number | "never" | undefined;

const KEY = "grpc-retry-pushback-ms";
const MAX_INT32 = 0x7fff_ffff;

/**
 * The pushback in the trailers of an attempt: a 32-bit integer without leading zeros. A negative one, several of them and
 * whatever else cannot be read ask not to retry at all (gRFC A6, "Pushback").
 */
export function pushbackOf(trailers: Metadata): Pushback {
  if (trailers.size === 0) return undefined;
  const values = trailers.get(KEY);
  const [value] = values;
  if (value === undefined) return undefined;
  if (values.length > 1 || typeof value !== "string" || !/^(?:0|[1-9]\d{0,9})$/.test(value)) return "never";
  const ms = Number(value);
  return ms > MAX_INT32 ? "never" : ms;
}
