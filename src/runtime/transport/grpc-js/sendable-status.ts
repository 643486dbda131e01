import type { StatusObject } from "../../core/rpc-error.js";

/** What the gRPC over HTTP/2 specification keeps for itself; a status passed on from another call may carry it. */
const RESERVED = ["grpc-status", "grpc-message", "grpc-encoding", "grpc-accept-encoding", "content-type", "te", "date"];

/** A surrogate without its pair: grpc-js's percent-encoding throws at it. */
const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

/** The status as grpc-js can send it: it takes metadata as given, and crashes on text that is not Unicode. */
export function sendableStatus(status: StatusObject): StatusObject {
  const metadata = status.metadata.clone();
  for (const key of RESERVED) metadata.remove(key);
  return { code: status.code, details: status.details.replace(LONE_SURROGATE, "\uFFFD"), metadata };
}
