import type { IncomingHttpHeaders } from "node:http2";
import { status } from "../../core/metadata.js";
import type { StatusObject } from "../../core/rpc-error.js";
import { decodeGrpcMessage } from "../../wire/grpc-message.js";
import { headersSize, headerValue, readMetadata } from "../../wire/metadata-headers.js";
import { parseGrpcStatus, statusOfHttp } from "../../wire/status-mapping.js";

/** Whether a content-type is gRPC's with protobuf, the one format we speak: `application/grpc` or `application/grpc+proto`. */
export function isGrpcContentType(value: string | undefined): boolean {
  return value !== undefined && /^application\/grpc(\+proto)?\s*(;|$)/i.test(value);
}

/** What is wrong with the headers of a response, if it is no gRPC response at all. */
export function responseFault(headers: IncomingHttpHeaders): { code: status; details: string } | undefined {
  const httpStatus = Number(headers[":status"]);
  // A gRPC status outranks the HTTP status it came with.
  if (parseGrpcStatus(headerValue(headers, "grpc-status")) !== undefined) return undefined;
  if (httpStatus !== 200) {
    return { code: statusOfHttp(httpStatus), details: `the server answered with HTTP status ${httpStatus}` };
  }
  const contentType = headers["content-type"];
  if (!isGrpcContentType(contentType)) {
    return {
      code: status.UNKNOWN,
      details: `the server answered with content-type ${contentType ?? "(none)"}, which is not gRPC's`,
    };
  }
  return undefined;
}

/** Whether there is too much of them. node:http2 asks that too, but only once the server has acknowledged the limit. */
export function sizeFault(
  headers: IncomingHttpHeaders,
  raw: readonly string[] | undefined,
  limit: number,
): { code: status; details: string } | undefined {
  if (headersSize(headers, raw) <= limit) return undefined;
  return { code: status.RESOURCE_EXHAUSTED, details: `the server sent more than ${limit} bytes of metadata` };
}

/** The status that trailers (or the headers of a trailers-only response) carry. */
export function statusOfTrailers(headers: IncomingHttpHeaders, raw: readonly string[] | undefined): StatusObject {
  const metadata = readMetadata(headers, raw);
  const given = headerValue(headers, "grpc-status");
  const code = parseGrpcStatus(given);
  if (code === undefined) {
    const details =
      given === undefined ? "the trailers carry no grpc-status" : `the trailers carry grpc-status ${given}`;
    return { code: status.UNKNOWN, details, metadata };
  }
  const message = headerValue(headers, "grpc-message");
  return { code, details: message === undefined ? "" : decodeGrpcMessage(message), metadata };
}
