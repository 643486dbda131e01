import { toBase64 } from "../../../core/bytes.js";
import type { Metadata } from "../../../core/metadata.js";
import { ACCEPT_ENCODING } from "../../../wire/compression.js";
import { connectContentType, type MessageFormat } from "../../../wire/connect/content-type.js";
import { END_STREAM_FLAG, encodeEndStream } from "../../../wire/connect/end-stream.js";
import { putGrpcStatus } from "../../../wire/grpc-status-trailers.js";
import { type GrpcWebContent, grpcWebContentType } from "../../../wire/grpc-web/content-type.js";
import { encodeTrailers, TRAILERS_FLAG } from "../../../wire/grpc-web/trailers-frame.js";
import { isProtocolHeader } from "../request-metadata.js";
import type { Dialect } from "./dialect.js";

/** The encodings that we understand, as Connect names them. */
export const CONNECT_ACCEPT_ENCODING: string = "gzip,deflate";

/** gRPC itself, where the exchange has trailers. */
export function grpcDialect(format: MessageFormat): Dialect {
  const plain = ["content-type", `application/grpc+${format}`];
  return {
    trailers: true,
    text: false,
    head: (header, encoding) => grpcHead(plain, header, encoding),
    end(result, limit) {
      const trailers: string[] = [];
      putGrpcStatus(result, trailers, limit);
      return { trailers };
    },
  };
}

/** @see https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-WEB.md */
export function grpcWebDialect(content: GrpcWebContent): Dialect {
  const plain = ["content-type", grpcWebContentType(content)];
  return {
    trailers: false,
    text: content.text,
    head: (header, encoding) => grpcHead(plain, header, encoding),
    end(result, limit) {
      const trailers: string[] = [];
      putGrpcStatus(result, trailers, limit);
      return { flag: TRAILERS_FLAG, body: encodeTrailers(trailers) };
    },
  };
}

/** @see https://connectrpc.com/docs/protocol "Streaming RPCs" */
export function connectStreamDialect(format: MessageFormat): Dialect {
  const plain = ["content-type", connectContentType({ format, streaming: true })];
  return {
    trailers: false,
    text: false,
    head(header, encoding) {
      const headers = [...plain, "connect-accept-encoding", CONNECT_ACCEPT_ENCODING];
      if (encoding !== "identity") headers.push("connect-content-encoding", encoding);
      putAnswerMetadata(header, headers);
      return headers;
    },
    end: (result) => ({ flag: END_STREAM_FLAG, body: encodeEndStream(result) }),
  };
}

function grpcHead(plain: readonly string[], header: Metadata | undefined, encoding: string): string[] {
  const headers = [...plain, "grpc-accept-encoding", ACCEPT_ENCODING];
  if (encoding !== "identity") headers.push("grpc-encoding", encoding);
  putAnswerMetadata(header, headers);
  return headers;
}

/** Adds metadata to the headers of an answer. */
export function putAnswerMetadata(metadata: Metadata | undefined, headers: string[]): void {
  if (metadata === undefined || metadata.size === 0) return;
  for (const [key, value] of metadata) {
    if (!isProtocolHeader(key)) headers.push(key, typeof value === "string" ? value : toBase64(value));
  }
}
