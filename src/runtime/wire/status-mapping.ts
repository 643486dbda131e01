import { isStatusCode, type status } from "../core/status.js";
import * as Code from "../core/status-code.js";

/** The status of a response that is not gRPC's, from its HTTP status (gRPC, "HTTP to gRPC Status Code Mapping"). */
export function statusOfHttp(httpStatus: number): status {
  switch (httpStatus) {
    case 400:
      return Code.INTERNAL;
    case 401:
      return Code.UNAUTHENTICATED;
    case 403:
      return Code.PERMISSION_DENIED;
    case 404:
      return Code.UNIMPLEMENTED;
    case 429:
    case 502:
    case 503:
    case 504:
      return Code.UNAVAILABLE;
    default:
      return Code.UNKNOWN;
  }
}

/** The status of a stream that was reset with an HTTP/2 error code (gRPC over HTTP/2, "HTTP2 Transport Mapping", Errors). */
export function statusOfReset(code: number): status {
  switch (code) {
    case 0x7: // REFUSED_STREAM
      return Code.UNAVAILABLE;
    case 0x8: // CANCEL
      return Code.CANCELLED;
    case 0xb: // ENHANCE_YOUR_CALM
      return Code.RESOURCE_EXHAUSTED;
    case 0xc: // INADEQUATE_SECURITY
      return Code.PERMISSION_DENIED;
    default:
      return Code.INTERNAL;
  }
}

/** A `grpc-status` value as a code from 0 to 16; undefined where it is absent, no number or out of range. */
export function parseGrpcStatus(header: string | undefined): status | undefined {
  if (header === undefined || !/^\d{1,2}$/.test(header)) return undefined;
  const code = Number(header);
  return isStatusCode(code) ? code : undefined;
}
