import type { StatusObject as GrpcStatus } from "@grpc/grpc-js";
import { RpcError, type StatusObject } from "../../core/rpc-error.js";
import { decodeGrpcMessage, encodeGrpcMessage } from "../../wire/grpc-message.js";
import { checkHeaderSize } from "./header-limit.js";
import { toGrpcJs } from "./metadata.js";

/**
 * The status as grpc-js can send it: a text that is Unicode (its percent-encoding throws at a surrogate without its pair) and is cut where it
 * is too long, and metadata that is no larger than the other side takes, or RESOURCE_EXHAUSTED in the place of it all.
 */
export function sendableStatus({ code, details, metadata }: StatusObject): GrpcStatus {
  const encoded = encodeGrpcMessage(details);
  try {
    checkHeaderSize(metadata, "trailers of the answer", encoded.length);
  } catch (fault) {
    if (!(fault instanceof RpcError)) throw fault;
    return { code: fault.code, details: fault.details, metadata: toGrpcJs(fault.metadata) };
  }
  return { code, details: decodeGrpcMessage(encoded), metadata: toGrpcJs(metadata) };
}
