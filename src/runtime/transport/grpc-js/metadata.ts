import { Metadata as GrpcMetadata, type MetadataOptions } from "@grpc/grpc-js";
import { Metadata } from "../../core/metadata.js";

/** What the gRPC over HTTP/2 specification keeps for itself; a status passed on from another call may carry it. */
const RESERVED = new Set([
  "grpc-status",
  "grpc-message",
  "grpc-encoding",
  "grpc-accept-encoding",
  "content-type",
  "te",
  "date",
]);

/** Our metadata as grpc-js sends it. */
export function toGrpcJs(metadata: Metadata, options: MetadataOptions = {}): GrpcMetadata {
  const theirs = new GrpcMetadata(options);
  for (const [key, value] of metadata) {
    if (!RESERVED.has(key)) theirs.add(key, typeof value === "string" ? value : Buffer.from(value));
  }
  return theirs;
}

/** What grpc-js received, as ours. */
export function fromGrpcJs(theirs: GrpcMetadata): Metadata {
  return Metadata.from(theirs);
}
