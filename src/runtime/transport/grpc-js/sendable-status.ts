import type { StatusObject as GrpcStatus } from "@grpc/grpc-js";
import type { StatusObject } from "../../core/rpc-error.js";
import { toGrpcJs } from "./metadata.js";

/** A surrogate without its pair: grpc-js's percent-encoding throws at it. */
const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

/** The status as grpc-js can send it: its metadata, and text that is Unicode. */
export function sendableStatus({ code, details, metadata }: StatusObject): GrpcStatus {
  return { code, details: details.replace(LONE_SURROGATE, "\uFFFD"), metadata: toGrpcJs(metadata) };
}
