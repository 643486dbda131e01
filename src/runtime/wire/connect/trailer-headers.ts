import { DETAILS_KEY } from "../../core/error-details.js";
import { Metadata } from "../../core/metadata.js";
import { type HeaderList, isReserved, putMetadata } from "../metadata-headers.js";

/** Trailers of a unary answer are headers with this before their names (Connect protocol reference, "Unary-Response"). */
const PREFIX = "trailer-";

/** Adds the trailers of a unary answer to its headers. Details of an error are in its JSON. */
export function putTrailerHeaders(trailers: Metadata, headers: string[]): void {
  if (trailers.size === 0) return;
  const plain: string[] = [];
  putMetadata(trailers, plain);
  for (let at = 0; at < plain.length; at += 2) {
    if (plain[at] !== DETAILS_KEY) headers.push(PREFIX + plain[at]!, plain[at + 1]!);
  }
}

/** Whether a header of a unary answer is one of its trailers. */
export function isTrailerHeader(name: string): boolean {
  return name.startsWith(PREFIX);
}

/** The trailers among the headers of a unary answer. */
export function readTrailerHeaders(headers: HeaderList): Metadata {
  const trailers = new Metadata();
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const name = headers[at]!;
    if (!isTrailerHeader(name)) continue;
    const key = name.slice(PREFIX.length);
    if (!isReserved(key)) trailers.addReceived(key, headers[at + 1]!);
  }
  return trailers;
}
