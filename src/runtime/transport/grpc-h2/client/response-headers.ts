import { type StatusObject, statusObject } from "../../../core/rpc-error.js";
import * as Code from "../../../core/status-code.js";
import { parseEncoding } from "../../../wire/compression.js";
import { type HeaderList, headerValue } from "../../../wire/metadata-headers.js";
import { parseGrpcStatus, statusOfHttp } from "../../../wire/status-mapping.js";
import type { Compression } from "../../transport.js";
import { isGrpcContentType } from "../content-type.js";

/** What is wrong with the headers of a response, if it is no gRPC response at all. */
export function responseFault(headers: HeaderList): StatusObject | undefined {
  const httpStatus = headers[1]; // `:status` comes first: RFC 9113, section 8.3
  const contentType = headerValue(headers, "content-type");
  if (httpStatus === "200" && isGrpcContentType(contentType)) return undefined;
  // A gRPC status outranks the HTTP status it came with.
  if (parseGrpcStatus(headerValue(headers, "grpc-status")) !== undefined) return undefined;
  if (httpStatus !== "200") {
    return statusObject(statusOfHttp(Number(httpStatus)), `the server answered with HTTP status ${httpStatus}`);
  }
  const details = `the server answered with content-type ${contentType ?? "(none)"}, which is not gRPC's`;
  return statusObject(Code.UNKNOWN, details);
}

/** Whether the headers are of an interim response (1xx), which say nothing to us. */
export function isInterim(headers: HeaderList): boolean {
  const httpStatus = headers[1] ?? "";
  return httpStatus.length === 3 && httpStatus.startsWith("1");
}

/** The encoding of the response's messages, or the status of a call whose server uses one that we do not know. */
export function responseEncoding(headers: HeaderList): Compression | StatusObject {
  const given = headerValue(headers, "grpc-encoding");
  return (
    parseEncoding(given) ?? statusObject(Code.INTERNAL, `the server answers in an unknown grpc-encoding: ${given}`)
  );
}
