import type { IncomingHttpHeaders, OutgoingHttpHeaders } from "node:http2";
import { type Metadata, status } from "../../core/metadata.js";
import type { StatusObject } from "../../core/rpc-error.js";
import { ACCEPT_ENCODING, parseEncoding } from "../../wire/compression.js";
import { encodeGrpcMessage } from "../../wire/grpc-message.js";
import { parseTimeout } from "../../wire/grpc-timeout.js";
import { headerValue, putMetadata } from "../../wire/metadata-headers.js";
import type { Compression } from "../transport.js";
import { isGrpcContentType } from "./response-headers.js";

/** What a request says about how its call is to go. */
export interface RequestHead {
  readonly encoding: Compression;
  readonly deadline: number;
}

/** The HTTP status for a request that is no gRPC request, or undefined. */
export function httpFault(headers: IncomingHttpHeaders): number | undefined {
  if (headers[":method"] !== "POST") return 405;
  return isGrpcContentType(headers["content-type"]) ? undefined : 415;
}

/** Reads the request's own headers; a fault is the status to answer with. */
export function readHead(headers: IncomingHttpHeaders): RequestHead | { code: status; details: string } {
  const encoding = parseEncoding(headerValue(headers, "grpc-encoding"));
  if (encoding === undefined) {
    const details = `unknown grpc-encoding ${headers["grpc-encoding"]}; this server accepts ${ACCEPT_ENCODING}`;
    return { code: status.UNIMPLEMENTED, details };
  }
  const timeout = headerValue(headers, "grpc-timeout");
  if (timeout === undefined) return { encoding, deadline: Number.POSITIVE_INFINITY };
  const ms = parseTimeout(timeout);
  if (ms === undefined) return { code: status.INTERNAL, details: `malformed grpc-timeout "${timeout}"` };
  return { encoding, deadline: Date.now() + ms };
}

/** The compression to answer with: the server's, if the client understands it. */
export function answerEncoding(wanted: Compression, headers: IncomingHttpHeaders): Compression {
  if (wanted === "identity") return wanted;
  const accepted = headerValue(headers, "grpc-accept-encoding") ?? "";
  return accepted.split(",").some((one) => one.trim() === wanted) ? wanted : "identity";
}

export function responseHeaders(metadata: Metadata | undefined, encoding: Compression): OutgoingHttpHeaders {
  const headers: OutgoingHttpHeaders = { ":status": 200, "content-type": "application/grpc" };
  if (encoding !== "identity") headers["grpc-encoding"] = encoding;
  headers["grpc-accept-encoding"] = ACCEPT_ENCODING;
  if (metadata !== undefined) putMetadata(metadata, headers);
  return headers;
}

/** Trailers, or with `:status` before them a trailers-only response. */
export function putStatus(result: StatusObject, headers: OutgoingHttpHeaders): OutgoingHttpHeaders {
  headers["grpc-status"] = String(result.code);
  if (result.details !== "") headers["grpc-message"] = encodeGrpcMessage(result.details);
  putMetadata(result.metadata, headers);
  return headers;
}
