import type { MessageFormat } from "../connect/content-type.js";

/** What a content type says of a gRPC-Web request or answer. */
export interface GrpcWebContent {
  readonly format: MessageFormat;
  /** The body is base64: `application/grpc-web-text`. */
  readonly text: boolean;
}

/** Reads `application/grpc-web`, `application/grpc-web-text`, both with `+proto` or `+json` or nothing; undefined for all others. */
export function parseGrpcWebContentType(value: string | undefined): GrpcWebContent | undefined {
  const match = /^application\/grpc-web(-text)?(?:\+(proto|json))?\s*(?:;.*)?$/i.exec(value ?? "");
  if (match === null) return undefined;
  return { format: match[2]?.toLowerCase() === "json" ? "json" : "proto", text: match[1] !== undefined };
}

export function grpcWebContentType({ format, text }: GrpcWebContent): string {
  return `application/grpc-web${text ? "-text" : ""}+${format}`;
}
