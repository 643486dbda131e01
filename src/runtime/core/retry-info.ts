import { DETAILS_KEY } from "./error-details.js";
import type { Metadata } from "./metadata.js";
import { fieldsOf, varintOf } from "./proto-fields.js";

const RETRY_INFO = "google.rpc.RetryInfo";
const text = new TextDecoder();

/**
 * Milliseconds that the server asks the client to wait: `retry_delay` of the first `google.rpc.RetryInfo` among the details in
 * a call's trailers, read by hand, so that protobuf-es need not be there. Undefined where there is none, and where it is negative.
 * https://github.com/googleapis/googleapis/blob/master/google/rpc/error_details.proto "RetryInfo"
 */
export function retryDelayMs(trailer: Metadata): number | undefined {
  for (const status of trailer.get(DETAILS_KEY)) {
    if (typeof status === "string") continue;
    for (const any of fieldsOf(status, 3)) {
      const url = fieldsOf(any, 1).at(-1);
      if (url === undefined || text.decode(url).replace(/^.*\//, "") !== RETRY_INFO) continue;
      const delay = fieldsOf(fieldsOf(any, 2).at(-1) ?? NOTHING, 1).at(-1);
      const ms = delay === undefined ? undefined : milliseconds(delay);
      if (ms !== undefined) return ms;
    }
  }
  return undefined;
}

const NOTHING = new Uint8Array(0);

/** Milliseconds of a `google.protobuf.Duration`; undefined for a negative one, whose varints read as huge numbers. */
function milliseconds(duration: Uint8Array): number | undefined {
  const [seconds, nanos] = [varintOf(duration, 1) ?? 0, varintOf(duration, 2) ?? 0];
  // "Must be from -315,576,000,000 to +315,576,000,000 inclusive." (google/protobuf/duration.proto)
  if (!(seconds <= 315_576_000_000 && nanos <= 999_999_999)) return undefined;
  return seconds * 1000 + nanos / 1e6;
}
