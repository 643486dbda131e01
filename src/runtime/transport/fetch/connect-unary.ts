import { monotonicMs } from "../../core/clock.js";
import type { Metadata } from "../../core/metadata.js";
import { type StatusObject, statusObject } from "../../core/rpc-error.js";
import { status } from "../../core/status.js";
import { connectContentType, parseConnectContentType } from "../../wire/connect/content-type.js";
import { errorFromJson } from "../../wire/connect/error-json.js";
import { formatGetQuery } from "../../wire/connect/get-query.js";
import { formatConnectTimeout } from "../../wire/connect/timeout.js";
import { headerValue } from "../../wire/metadata-headers.js";
import { statusOfHttp } from "../../wire/status-mapping.js";
import type { StartOptions } from "../transport.js";
import type { CallProtocol, HttpRequest } from "./call-protocol.js";
import { compressedMessage } from "./compressed-frame.js";
import { contentTypeFault } from "./content-type-fault.js";
import { putRequestMetadata, splitMetadata } from "./http-metadata.js";
import { httpStatusFault } from "./http-status-fault.js";
import type { MessageCodecs } from "./message-codecs.js";
import type { HttpHead, ResponseHead } from "./response-head.js";

/** Longer URLs are refused on the way by some; such a request is a POST. */
const MAX_GET_URL = 8_000;

/** What fetch inflates by itself, so that nothing is left to do. */
const INFLATED_BY_FETCH = /^(?:identity|gzip|x-gzip|deflate|br|zstd)$/;

const utf8 = new TextDecoder();

/**
 * Unary calls of the Connect protocol: plain HTTP with one message as the body.
 * @see https://connectrpc.com/docs/protocol#unary-rpcs
 */
export class ConnectUnary implements CallProtocol {
  readonly #url: string;
  readonly #format: MessageCodecs;
  readonly #useGet: boolean;
  readonly #contentType: string;

  /** @param useGet ask by GET where the message is short enough: for methods without side effects alone */
  constructor(url: string, format: MessageCodecs, useGet: boolean) {
    this.#url = url;
    this.#format = format;
    this.#useGet = useGet;
    this.#contentType = connectContentType({ format: format.name, streaming: false });
  }

  async single(frame: Uint8Array, options: StartOptions): Promise<HttpRequest> {
    const { compression, deadline, metadata } = options;
    const message = await compressedMessage(frame, compression);
    const headers: string[] = [];
    if (deadline !== Number.POSITIVE_INFINITY) {
      headers.push("connect-timeout-ms", formatConnectTimeout(deadline - monotonicMs()));
    }
    putRequestMetadata(metadata, headers);
    if (this.#useGet) {
      const named = compression === "identity" ? undefined : compression;
      const url = `${this.#url}?${formatGetQuery({ format: this.#format.name, message, compression: named })}`;
      if (url.length <= MAX_GET_URL) return { method: "GET", url, headers, body: undefined };
    }
    headers.push("content-type", this.#contentType, "connect-protocol-version", "1");
    if (compression !== "identity") headers.push("content-encoding", compression);
    return { method: "POST", url: this.#url, headers, body: message };
  }

  streaming(): never {
    throw new TypeError("a unary method has one request");
  }

  head({ httpStatus, headers }: HttpHead): ResponseHead {
    const contentType = headerValue(headers, "content-type");
    const { header, trailer } = splitMetadata(headers);
    const content = parseConnectContentType(contentType);
    if (httpStatus !== 200) {
      const isError = content?.format === "json" && !content.streaming;
      if (!isError) return { kind: "over", status: httpStatusFault(httpStatus) };
      return { kind: "error", header, statusOfBody: (body) => statusOfJson(body, httpStatus, trailer) };
    }
    const matches = content?.format === this.#format.name && !content.streaming;
    const fault = matches
      ? encodingFault(headerValue(headers, "content-encoding"))
      : contentTypeFault(contentType, this.#contentType, content !== undefined && !content.streaming);
    return fault === undefined ? { kind: "message", header, trailer } : { kind: "over", status: fault };
  }
}

function encodingFault(encoding: string | undefined): StatusObject | undefined {
  if (encoding === undefined || INFLATED_BY_FETCH.test(encoding)) return undefined;
  return statusObject(status.INTERNAL, `the server answers in an unknown content-encoding: ${encoding}`);
}

function statusOfJson(body: Uint8Array, httpStatus: number, trailer: Metadata): StatusObject {
  let json: unknown;
  try {
    json = JSON.parse(utf8.decode(body));
  } catch {
    return httpStatusFault(httpStatus);
  }
  const { code, details, metadata } = errorFromJson(json, statusOfHttp(httpStatus));
  trailer.merge(metadata);
  return { code, details, metadata: trailer };
}
