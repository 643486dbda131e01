import { monotonicMs } from "../../core/clock.js";
import { VERSION } from "../../core/version.js";
import { webEncodings } from "../../platform/web/compression-streams.js";
import { formatTimeout } from "../../wire/grpc-timeout.js";
import { grpcWebContentType, parseGrpcWebContentType } from "../../wire/grpc-web/content-type.js";
import { decodeTrailers, TRAILERS_FLAG } from "../../wire/grpc-web/trailers-frame.js";
import { headerValue } from "../../wire/metadata-headers.js";
import { parseGrpcStatus } from "../../wire/status-mapping.js";
import { statusOfTrailers } from "../../wire/trailers.js";
import type { StartOptions } from "../transport.js";
import type { CallProtocol, HttpRequest } from "./call-protocol.js";
import { compressedFrame } from "./compressed-frame.js";
import { contentTypeFault } from "./content-type-fault.js";
import { envelopeEncoding } from "./envelope-encoding.js";
import { headerMetadata, putRequestMetadata } from "./http-metadata.js";
import { httpStatusFault } from "./http-status-fault.js";
import type { MessageCodecs } from "./message-codecs.js";
import type { HttpHead, ResponseHead } from "./response-head.js";

/**
 * Calls of gRPC-Web, in its binary form.
 * @see https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-WEB.md
 */
export class GrpcWeb implements CallProtocol {
  readonly #url: string;
  readonly #format: MessageCodecs;
  readonly #contentType: string;

  constructor(url: string, format: MessageCodecs) {
    this.#url = url;
    this.#format = format;
    this.#contentType = grpcWebContentType({ format: format.name, text: false });
  }

  async single(frame: Uint8Array, options: StartOptions): Promise<HttpRequest> {
    return this.#request(await compressedFrame(frame, options.compression), options);
  }

  streaming(body: ReadableStream<Uint8Array>, options: StartOptions): HttpRequest {
    return this.#request(body, options);
  }

  head({ httpStatus, headers }: HttpHead): ResponseHead {
    // Where there is no body, the trailers come as headers; they outrank the HTTP status they came with.
    const trailersOnly = parseGrpcStatus(headerValue(headers, "grpc-status")) !== undefined;
    if (httpStatus !== 200) {
      return { kind: "over", status: trailersOnly ? statusOfTrailers(headers) : httpStatusFault(httpStatus) };
    }
    const contentType = headerValue(headers, "content-type");
    const content = parseGrpcWebContentType(contentType);
    if (content?.format !== this.#format.name || content.text) {
      return { kind: "over", status: contentTypeFault(contentType, this.#contentType, content !== undefined) };
    }
    const encoding = envelopeEncoding(headers, "grpc-encoding");
    if (typeof encoding !== "string") return { kind: "over", status: encoding };
    return {
      kind: "enveloped",
      header: headerMetadata(headers),
      encoding,
      endFlag: TRAILERS_FLAG,
      statusOfEnd: (body) => statusOfTrailers(decodeTrailers(body)),
      statusOfEmpty: trailersOnly ? statusOfTrailers(headers) : undefined,
    };
  }

  #request(body: Uint8Array | ReadableStream<Uint8Array>, options: StartOptions): HttpRequest {
    const { compression, deadline, metadata } = options;
    const headers = ["content-type", this.#contentType, "x-grpc-web", "1"];
    headers.push("x-user-agent", `gen-stubs-runtime/${VERSION}`);
    if (compression !== "identity") headers.push("grpc-encoding", compression);
    if (webEncodings.length > 0) headers.push("grpc-accept-encoding", webEncodings.join(","));
    if (deadline !== Number.POSITIVE_INFINITY) headers.push("grpc-timeout", formatTimeout(deadline - monotonicMs()));
    putRequestMetadata(metadata, headers);
    return { method: "POST", url: this.#url, headers, body };
  }
}
