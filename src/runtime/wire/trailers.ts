import { Metadata } from "../core/metadata.js";
import type { StatusObject } from "../core/rpc-error.js";
import * as Code from "../core/status-code.js";
import { decodeGrpcMessage } from "./grpc-message.js";
import { type HeaderList, headerValue, readMetadata } from "./metadata-headers.js";
import { parseGrpcStatus } from "./status-mapping.js";

/** The status that trailers (or the headers of a trailers-only response) carry. */
export function statusOfTrailers(headers: HeaderList): StatusObject {
  if (headers.length === 2 && headers[0] === "grpc-status" && headers[1] === "0") {
    return { code: Code.OK, details: "", metadata: new Metadata() };
  }
  const metadata = readMetadata(headers);
  const given = headerValue(headers, "grpc-status");
  const code = parseGrpcStatus(given);
  if (code === undefined) {
    const details =
      given === undefined ? "the trailers carry no grpc-status" : `the trailers carry grpc-status ${given}`;
    return { code: Code.UNKNOWN, details, metadata };
  }
  const message = headerValue(headers, "grpc-message");
  return { code, details: message === undefined ? "" : decodeGrpcMessage(message), metadata };
}
