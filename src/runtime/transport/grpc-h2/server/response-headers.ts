import type { Metadata } from "../../../core/metadata.js";
import type { StatusObject } from "../../../core/rpc-error.js";
import { status } from "../../../core/status.js";
import { ACCEPT_ENCODING } from "../../../wire/compression.js";
import { putGrpcStatus } from "../../../wire/grpc-status-trailers.js";
import { putMetadata } from "../../../wire/metadata-headers.js";
import type { Compression } from "../../transport.js";

/** Lists without metadata are made once and reused; they are never modified. */
const PLAIN: Readonly<Record<Compression, string[]>> = {
  identity: headersFor("identity"),
  gzip: headersFor("gzip"),
  deflate: headersFor("deflate"),
};
const OK_TRAILERS: string[] = ["grpc-status", "0"];
const OK_ALONE: string[] = [...headersFor("identity"), ...OK_TRAILERS];

/** The header of a response. */
export function responseHeaders(metadata: Metadata | undefined, encoding: Compression): string[] {
  const plain = PLAIN[encoding];
  if (metadata === undefined || metadata.size === 0) return plain;
  const headers = plain.slice();
  putMetadata(metadata, headers);
  return headers;
}

/**
 * The trailers of a call whose header was sent; or header and trailers in one ("Trailers-Only"). A text is cut to what is left of `limit`,
 * the size of block that the client takes.
 */
export function trailersOf(result: StatusObject, headerSent: boolean, limit: number): string[] {
  if (result.code === status.OK && result.details === "" && result.metadata.size === 0) {
    return headerSent ? OK_TRAILERS : OK_ALONE;
  }
  const trailers = headerSent ? [] : PLAIN.identity.slice();
  putGrpcStatus(result, trailers, limit);
  return trailers;
}

/** An answer to what is no gRPC request. */
export function httpAnswer(httpStatus: string): string[] {
  return [":status", httpStatus, "content-type", "text/plain"];
}

function headersFor(encoding: Compression): string[] {
  const headers = [":status", "200", "content-type", "application/grpc"];
  if (encoding !== "identity") headers.push("grpc-encoding", encoding);
  headers.push("grpc-accept-encoding", ACCEPT_ENCODING);
  return headers;
}
