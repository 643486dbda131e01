import { type OptionNames, refuseUnknown } from "../../core/known-options.js";
import { foundCompressor, hasZlib } from "../../platform/found-compressor.js";
import type { Compression } from "../transport.js";
import type { WebLimits } from "../web-doors.js";
import type { CorsOptions } from "../web-options.js";
import { CORS_OPTIONS, type ResolvedCors, resolveCors } from "./web-options.js";

/** Options of a handler for an HTTP server that is not ours. */
export interface HandlerOptions extends CorsOptions {
  /** What stands before the paths of the methods, as `/api`: it is cut off. Default: nothing. */
  readonly prefix?: string | undefined;
  /** The largest message that is accepted, inflated. Default 4 MiB (4194304). */
  readonly maxReceiveMessageBytes?: number | undefined;
  /** The largest message that may be sent, before compression. Default: no limit. */
  readonly maxSendMessageBytes?: number | undefined;
  /** The largest block of headers or trailers that is sent, as HTTP/2 counts it. Default 64 KiB (65536). */
  readonly maxMetadataBytes?: number | undefined;
  /** The compression of answers, for clients that accept it. Default identity. Where there is no zlib of Node's, only identity. */
  readonly compression?: Compression | undefined;
  /** Bytes of an answer that may wait on this side. Default 160 KiB. */
  readonly highWaterMark?: number | undefined;
}

const HANDLER_OPTIONS: OptionNames<HandlerOptions> = {
  ...CORS_OPTIONS,
  prefix: true,
  maxReceiveMessageBytes: true,
  maxSendMessageBytes: true,
  maxMetadataBytes: true,
  compression: true,
  highWaterMark: true,
};

export interface ResolvedHandlerOptions {
  readonly prefix: string;
  readonly cors: ResolvedCors;
  readonly limits: WebLimits;
}

/** @throws TypeError for an unknown option, or one that cannot be */
export function resolveHandlerOptions(options: HandlerOptions, what: string): ResolvedHandlerOptions {
  refuseUnknown(options, HANDLER_OPTIONS, what);
  const { prefix = "", compression = "identity" } = options;
  if (prefix !== "" && !/^\/.*[^/]$/.test(prefix)) {
    throw new TypeError(`${what}: a prefix begins with "/" and does not end with one, as "/api"; this is "${prefix}"`);
  }
  if (compression !== "identity" && !hasZlib) {
    throw new TypeError(`${what}: compression "${compression}" needs Node's zlib, which this platform has not`);
  }
  return {
    prefix,
    cors: resolveCors(options),
    limits: {
      maxReceiveMessageBytes: options.maxReceiveMessageBytes ?? 4 * 1024 * 1024,
      maxSendMessageBytes: options.maxSendMessageBytes ?? Number.POSITIVE_INFINITY,
      maxMetadataBytes: options.maxMetadataBytes ?? 65_536,
      maxMetadataPairs: 1024,
      highWaterMark: options.highWaterMark ?? 160 * 1024,
      compression,
      compressor: foundCompressor,
      handshakeTimeoutMs: 10_000,
    },
  };
}
