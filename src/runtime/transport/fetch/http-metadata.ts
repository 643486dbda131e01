import type { Metadata } from "../../core/metadata.js";
import { isTrailerHeader, readTrailerHeaders } from "../../wire/connect/trailer-headers.js";
import { type HeaderList, putMetadata, readMetadata } from "../../wire/metadata-headers.js";

/** Headers of HTTP and of Connect that say nothing to users. */
const NOT_METADATA = /^(?:connect-|content-encoding$|accept-encoding$|access-control-|grpc-)/;

/** Header and trailers of a response whose trailers are among its headers (Connect, "Unary-Response"). */
export function splitMetadata(headers: HeaderList): { readonly header: Metadata; readonly trailer: Metadata } {
  const own: string[] = [];
  for (let at = 0; at + 1 < headers.length; at += 2) {
    if (!isTrailerHeader(headers[at]!)) own.push(headers[at]!, headers[at + 1]!);
  }
  return { header: headerMetadata(own), trailer: readTrailerHeaders(headers) };
}

/** The metadata of a response's headers. */
export function headerMetadata(headers: HeaderList): Metadata {
  const metadata = readMetadata(headers);
  for (const key of Object.keys(metadata.getMap())) {
    if (NOT_METADATA.test(key) && !key.startsWith("grpc-status-details")) metadata.remove(key);
  }
  return metadata;
}

/** Adds a call's metadata to a request's headers, without what belongs to the protocol. */
export function putRequestMetadata(metadata: Metadata, headers: string[]): void {
  const all: string[] = [];
  putMetadata(metadata, all);
  for (let at = 0; at + 1 < all.length; at += 2) {
    if (!NOT_METADATA.test(all[at]!)) headers.push(all[at]!, all[at + 1]!);
  }
}
