import type { StatusObject } from "../core/rpc-error.js";
import { encodeGrpcMessage, MAX_MESSAGE_BYTES } from "./grpc-message.js";
import { headersSize, putMetadata } from "./metadata-headers.js";

/**
 * Adds `grpc-status`, the metadata and `grpc-message` to `trailers`. The text is cut to what is left of `limit`, the size of block that the
 * client takes.
 */
export function putGrpcStatus(result: StatusObject, trailers: string[], limit: number): void {
  trailers.push("grpc-status", String(result.code));
  putMetadata(result.metadata, trailers);
  if (result.details === "") return;
  const room = limit - headersSize(trailers) - headersSize(["grpc-message", ""]);
  const message = encodeGrpcMessage(result.details, Math.min(MAX_MESSAGE_BYTES, Math.max(0, room)));
  if (message !== "") trailers.push("grpc-message", message);
}
