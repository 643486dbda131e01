import { monotonicMs } from "../../../core/clock.js";
import { type StatusObject, statusObject } from "../../../core/rpc-error.js";
import { status } from "../../../core/status.js";
import { ACCEPT_ENCODING, parseEncoding } from "../../../wire/compression.js";
import { parseTimeout } from "../../../wire/grpc-timeout.js";
import type { HeaderList } from "../../../wire/metadata-headers.js";
import type { Compression } from "../../transport.js";
import { isGrpcContentType } from "../content-type.js";

/** The call options that the headers of a request carry. */
export interface RequestHead {
  method: string | undefined;
  path: string;
  contentType: string | undefined;
  encoding: string | undefined;
  acceptEncoding: string | undefined;
  timeout: string | undefined;
  userAgent: string | undefined;
}

const head: RequestHead = {
  method: undefined,
  path: "",
  contentType: undefined,
  encoding: undefined,
  acceptEncoding: undefined,
  timeout: undefined,
  userAgent: undefined,
};

/** Reads the protocol's own headers, in one pass. The object is the same each time: take what you need at once. */
export function readRequestHead(headers: HeaderList): RequestHead {
  head.method = undefined;
  head.path = "";
  head.contentType = undefined;
  head.encoding = undefined;
  head.acceptEncoding = undefined;
  head.timeout = undefined;
  head.userAgent = undefined;
  for (let at = 0; at < headers.length; at += 2) {
    const value = headers[at + 1]!;
    switch (headers[at]) {
      case ":method":
        head.method = value;
        break;
      case ":path":
        head.path = value;
        break;
      case "content-type":
        head.contentType = value;
        break;
      case "grpc-encoding":
        head.encoding = value;
        break;
      case "grpc-accept-encoding":
        head.acceptEncoding = value;
        break;
      case "grpc-timeout":
        head.timeout = value;
        break;
      case "user-agent":
        head.userAgent = value;
        break;
    }
  }
  return head;
}

/** The HTTP status for a request that is no gRPC request, or undefined. */
export function httpFault({ method, contentType }: RequestHead): string | undefined {
  if (method !== "POST") return "405";
  return isGrpcContentType(contentType) ? undefined : "415";
}

/** The compression of the request's messages, or the status to answer with. */
export function requestEncoding({ encoding }: RequestHead): Compression | StatusObject {
  return (
    parseEncoding(encoding) ??
    statusObject(status.UNIMPLEMENTED, `unknown grpc-encoding ${encoding}; this server accepts ${ACCEPT_ENCODING}`)
  );
}

/** When the call ends at the latest, on the monotonic clock, or the status to answer with. */
export function requestDeadline({ timeout }: RequestHead): number | StatusObject {
  if (timeout === undefined) return Number.POSITIVE_INFINITY;
  const ms = parseTimeout(timeout);
  if (ms === undefined) return statusObject(status.INTERNAL, `malformed grpc-timeout "${timeout}"`);
  if (ms <= 0) return statusObject(status.DEADLINE_EXCEEDED, "deadline exceeded before the call came");
  return monotonicMs() + ms;
}

/** The compression to answer with: the server's, if the client understands it. */
export function answerEncoding(wanted: Compression, { acceptEncoding = "" }: RequestHead): Compression {
  if (wanted === "identity") return wanted;
  return acceptEncoding.split(",").some((one) => one.trim() === wanted) ? wanted : "identity";
}

/** The server's name as the client called it: `:authority`, or `host` where a proxy speaks HTTP/1 on its other side. */
export function authorityOf(headers: HeaderList): string | undefined {
  let host: string | undefined;
  for (let at = 0; at < headers.length; at += 2) {
    if (headers[at] === ":authority") return headers[at + 1];
    if (headers[at] === "host") host = headers[at + 1];
  }
  return host;
}
