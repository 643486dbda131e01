import { monotonicMs } from "../../core/clock.js";
import { webEncodings } from "../../platform/web/compression-streams.js";
import { connectContentType, parseConnectContentType } from "../../wire/connect/content-type.js";
import { decodeEndStream, END_STREAM_FLAG } from "../../wire/connect/end-stream.js";
import { formatConnectTimeout } from "../../wire/connect/timeout.js";
import { headerValue } from "../../wire/metadata-headers.js";
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
 * Streams of the Connect protocol: messages in envelopes, both ways.
 * @see https://connectrpc.com/docs/protocol#streaming-rpcs
 */
export class ConnectStreaming implements CallProtocol {
  readonly #url: string;
  readonly #format: MessageCodecs;
  readonly #contentType: string;

  constructor(url: string, format: MessageCodecs) {
    this.#url = url;
    this.#format = format;
    this.#contentType = connectContentType({ format: format.name, streaming: true });
  }

  async single(frame: Uint8Array, options: StartOptions): Promise<HttpRequest> {
    return this.#request(await compressedFrame(frame, options.compression), options);
  }

  streaming(body: ReadableStream<Uint8Array>, options: StartOptions): HttpRequest {
    return this.#request(body, options);
  }

  head({ httpStatus, headers }: HttpHead): ResponseHead {
    if (httpStatus !== 200) return { kind: "over", status: httpStatusFault(httpStatus) };
    const contentType = headerValue(headers, "content-type");
    const content = parseConnectContentType(contentType);
    if (content?.format !== this.#format.name || !content.streaming) {
      const fault = contentTypeFault(contentType, this.#contentType, content?.streaming === true);
      return { kind: "over", status: fault };
    }
    const encoding = envelopeEncoding(headers, "connect-content-encoding");
    if (typeof encoding !== "string") return { kind: "over", status: encoding };
    const header = headerMetadata(headers);
    return { kind: "enveloped", header, encoding, endFlag: END_STREAM_FLAG, statusOfEnd: decodeEndStream };
  }

  #request(body: Uint8Array | ReadableStream<Uint8Array>, options: StartOptions): HttpRequest {
    const { compression, deadline, metadata } = options;
    const headers = ["content-type", this.#contentType, "connect-protocol-version", "1"];
    if (compression !== "identity") headers.push("connect-content-encoding", compression);
    if (webEncodings.length > 0) headers.push("connect-accept-encoding", webEncodings.join(","));
    if (deadline !== Number.POSITIVE_INFINITY) {
      headers.push("connect-timeout-ms", formatConnectTimeout(deadline - monotonicMs()));
    }
    putRequestMetadata(metadata, headers);
    return { method: "POST", url: this.#url, headers, body };
  }
}
