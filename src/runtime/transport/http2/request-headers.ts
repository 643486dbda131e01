import type { OutgoingHttpHeaders } from "node:http2";
import { ACCEPT_ENCODING } from "../../wire/compression.js";
import { formatTimeout } from "../../wire/grpc-timeout.js";
import { putMetadata } from "../../wire/metadata-headers.js";
import type { StartOptions } from "../transport.js";

/** What a channel says in every request. */
export interface Origin {
  readonly scheme: "http" | "https";
  readonly authority: string;
  readonly userAgent: string;
}

/** The headers of a request, in the order the specification gives them (gRPC over HTTP/2, "Request-Headers"). */
export function requestHeaders(path: string, options: StartOptions, origin: Origin): OutgoingHttpHeaders {
  const headers: OutgoingHttpHeaders = {
    ":method": "POST",
    ":scheme": origin.scheme,
    ":path": path,
    ":authority": origin.authority,
    te: "trailers",
    "content-type": "application/grpc",
    "user-agent": origin.userAgent,
    "grpc-accept-encoding": ACCEPT_ENCODING,
  };
  if (options.deadline !== Number.POSITIVE_INFINITY)
    headers["grpc-timeout"] = formatTimeout(options.deadline - Date.now());
  if (options.compression !== "identity") headers["grpc-encoding"] = options.compression;
  putMetadata(options.metadata, headers);
  return headers;
}
