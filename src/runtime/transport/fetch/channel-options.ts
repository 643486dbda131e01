import { type OptionNames, refuseUnknown } from "../../core/known-options.js";
import { type MessageCodecs, PROTO } from "./message-codecs.js";
import { canStreamRequests } from "./request-streams.js";

/** How a channel over fetch asks and what it accepts. */
export interface FetchOptions {
  /**
   * What the server speaks: `"connect"` (servers of Connect), or `"grpc-web"` (the same, and servers of gRPC behind Envoy's
   * `grpc_web` filter and its like).
   */
  readonly protocol: "connect" | "grpc-web";
  /** Sends and takes messages as JSON: `json: esJson()` of `gen-stubs-runtime/json`. Default: protobuf. */
  readonly json?: MessageCodecs | undefined;
  /**
   * Asks by GET for unary methods that are declared `idempotency_level = NO_SIDE_EFFECTS`, so that caches may answer. Only with
   * `protocol: "connect"` and messages of protobuf-es; a request whose URL would be longer than 8000 characters stays a POST. Default
   * false.
   */
  readonly useHttpGet?: boolean | undefined;
  /**
   * What makes requests. Default: the platform's `fetch`, as it is when the channel is made. For cookies across origins:
   * `(input, init) => fetch(input, { ...init, credentials: "include" })`.
   */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /**
   * Whether `fetch` can send a stream as a request's body, which client-streaming methods need. Default: what the platform's
   * `Request` says when it is asked for it, as the Fetch Standard lets one.
   */
  readonly requestStreams?: boolean | undefined;
  /** The largest message that is accepted, inflated. Default 4 MiB (4194304). */
  readonly maxReceiveMessageBytes?: number | undefined;
  /** The largest message that may be sent, before compression. Default: no limit. */
  readonly maxSendMessageBytes?: number | undefined;
  /** The largest headers or trailers that are sent and accepted, 32 bytes for each pair beside name and value. Default 64 KiB (65536). */
  readonly maxMetadataBytes?: number | undefined;
  /** Bytes of one response that may lie unread before no more are asked for; fetch itself holds some more. Default 64 KiB (65536). */
  readonly streamWindowBytes?: number | undefined;
}

const NAMES: OptionNames<FetchOptions> = {
  protocol: true,
  json: true,
  useHttpGet: true,
  fetch: true,
  requestStreams: true,
  maxReceiveMessageBytes: true,
  maxSendMessageBytes: true,
  maxMetadataBytes: true,
  streamWindowBytes: true,
};

/** {@link FetchOptions} with the defaults filled in. */
export interface ResolvedFetchOptions {
  readonly protocol: "connect" | "grpc-web";
  readonly format: MessageCodecs;
  readonly useHttpGet: boolean;
  readonly fetch: typeof globalThis.fetch;
  readonly requestStreams: boolean;
  readonly maxReceiveMessageBytes: number;
  readonly maxSendMessageBytes: number;
  readonly maxMetadataBytes: number;
  readonly streamWindowBytes: number;
}

/** @throws TypeError for an unknown option, or one that has no place in the protocol. */
export function resolveFetchOptions(options: FetchOptions): ResolvedFetchOptions {
  refuseUnknown(options, NAMES, "a channel over fetch");
  const { protocol, fetch = globalThis.fetch, useHttpGet = false } = options;
  if (protocol !== "connect" && protocol !== "grpc-web") {
    throw new TypeError(`fetchChannel needs a protocol, "connect" or "grpc-web", not ${JSON.stringify(protocol)}`);
  }
  if (useHttpGet && protocol !== "connect") throw new TypeError('useHttpGet needs protocol: "connect"');
  if (typeof fetch !== "function") throw new TypeError("this platform has no fetch: give one as the option fetch");
  return {
    protocol,
    format: options.json ?? PROTO,
    useHttpGet,
    fetch,
    requestStreams: options.requestStreams ?? canStreamRequests(),
    maxReceiveMessageBytes: options.maxReceiveMessageBytes ?? 4 * 1024 * 1024,
    maxSendMessageBytes: options.maxSendMessageBytes ?? Number.POSITIVE_INFINITY,
    maxMetadataBytes: options.maxMetadataBytes ?? 64 * 1024,
    streamWindowBytes: options.streamWindowBytes ?? 64 * 1024,
  };
}
