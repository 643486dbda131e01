import { isStatusCode, status } from "../core/status.js";

/** The status of a response that is not gRPC's, from its HTTP status (gRPC, "HTTP to gRPC Status Code Mapping"). */
export function statusOfHttp(httpStatus: number): status {
  switch (httpStatus) {
    case 400:
      return status.INTERNAL;
    case 401:
      return status.UNAUTHENTICATED;
    case 403:
      return status.PERMISSION_DENIED;
    case 404:
      return status.UNIMPLEMENTED;
    case 429:
    case 502:
    case 503:
    case 504:
      return status.UNAVAILABLE;
    default:
      return status.UNKNOWN;
  }
}

/** The status of a stream that was reset with an HTTP/2 error code (gRPC over HTTP/2, "HTTP2 Transport Mapping", Errors). */
export function statusOfReset(code: number): status {
  switch (code) {
    case 0x7: // REFUSED_STREAM
      return status.UNAVAILABLE;
    case 0x8: // CANCEL
      return status.CANCELLED;
    case 0xb: // ENHANCE_YOUR_CALM
      return status.RESOURCE_EXHAUSTED;
    case 0xc: // INADEQUATE_SECURITY
      return status.PERMISSION_DENIED;
    default:
      return status.INTERNAL;
  }
}

/** A `grpc-status` value as a code from 0 to 16; undefined where it is absent, no number or out of range. */
export function parseGrpcStatus(header: string | undefined): status | undefined {
  if (header === undefined || !/^\d{1,2}$/.test(header)) return undefined;
  const code = Number(header);
  return isStatusCode(code) ? code : undefined;
}
