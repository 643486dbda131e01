import type { Metadata } from "../core/metadata.js";
import { type StatusObject, statusObject } from "../core/rpc-error.js";
import { status } from "../core/status.js";
import { type HeaderList, headersSize } from "./metadata-headers.js";

/**
 * Whether a client would not take this block of headers of an answer: it would end the connection, or stop hearing it (P16).
 *
 * @param metadata what of them is a user's; without it, nothing is too large
 * @param what "headers" or "trailers"
 * @param limitOwner whose limit it is, for the text
 */
export function answerTooLarge(
  headers: HeaderList,
  metadata: Metadata,
  what: string,
  limit: number,
  limitOwner: string,
): StatusObject | undefined {
  if (metadata.size === 0) return undefined;
  const size = headersSize(headers);
  if (size <= limit) return undefined;
  const details = `the ${what} of the answer have ${size} bytes; the limit is ${limit} bytes ${limitOwner}`;
  return statusObject(status.RESOURCE_EXHAUSTED, details);
}
