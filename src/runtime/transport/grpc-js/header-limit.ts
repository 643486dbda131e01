import type { Metadata } from "../../core/metadata.js";
import { RpcError } from "../../core/rpc-error.js";
import { status } from "../../core/status.js";
import { headersSize, putMetadata } from "../../wire/metadata-headers.js";

/**
 * What `node:http2`, under grpc-js, gets over in one block of headers. A larger one is neither refused nor read: its whole connection stands
 * still, its other calls too (P16).
 */
const MAX_HEADER_BYTES = 65_535;

/** Room for the protocol's own headers: path, authority, content-type. */
const OWN_HEADERS_BYTES = 1024;

/**
 * Refuses metadata that the other side would choke on. `what`: whose it is, for the text; `besides`: bytes of further headers.
 * @throws RpcError RESOURCE_EXHAUSTED with size and limit
 */
export function checkHeaderSize(metadata: Metadata, what: string, besides = 0): void {
  if (metadata.size === 0) return;
  const headers: string[] = [];
  putMetadata(metadata, headers);
  const size = headersSize(headers) + OWN_HEADERS_BYTES + besides;
  if (size <= MAX_HEADER_BYTES) return;
  const details = `the ${what} have ${size} bytes; the limit is ${MAX_HEADER_BYTES} bytes (node:http2's, under grpc-js)`;
  throw new RpcError(status.RESOURCE_EXHAUSTED, details);
}
