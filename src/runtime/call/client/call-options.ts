import type { CallContext } from "../../core/context.js";
import type { OptionNames } from "../../core/known-options.js";
import type { Metadata } from "../../core/metadata.js";
import type { Compression } from "../../transport/transport.js";
import type { ServerCall } from "../server/types.js";
import type { CallCredentials } from "./credentials.js";
import type { ClientInterceptor } from "./interceptor.js";
import type { MetadataInit } from "./metadata-init.js";

/** Options of one call. */
export interface CallOptions {
  /** Sent with the request headers. Copied when the call is made, so that it may be changed afterwards. */
  readonly metadata?: MetadataInit | undefined;
  /** Cancels the call (CANCELLED) when it aborts. One signal may serve any number of calls. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds until the call ends with DEADLINE_EXCEEDED. With `deadline` too, the earlier counts. Default: none. */
  readonly timeoutMs?: number | undefined;
  /** The moment the call ends with DEADLINE_EXCEEDED; a number is milliseconds since the epoch. Default: none. */
  readonly deadline?: Date | number | undefined;
  /**
   * Milliseconds without any message or header from the server (not counted while received messages wait for the reader) after which
   * the call ends with DEADLINE_EXCEEDED. Default: none.
   */
  readonly idleTimeoutMs?: number | undefined;
  /** Waits for a connection instead of failing with UNAVAILABLE. Default: false. */
  readonly waitForReady?: boolean | undefined;
  /** The compression of what this call sends. Default: "identity". */
  readonly compression?: Compression | undefined;
  /**
   * Bytes that may wait on this side, beyond the peer's flow-control window, before `send` waits. Default: 160 KiB, which is two
   * messages of 64 KiB and their overhead.
   */
  readonly highWaterMark?: number | undefined;
  /**
   * Credentials of this call, sent as request metadata beside those of the channel. Asked for inside the call's own interceptors. Over
   * a connection without TLS the call ends with UNAUTHENTICATED instead. Default: none.
   */
  readonly credentials?: CallCredentials | undefined;
  /** Typed values for interceptors of this call; never sent. */
  readonly context?: CallContext | undefined;
  /**
   * The server's call that this one is made for: when that is cancelled, so is this one; its deadline is the earlier of the two;
   * and the trace goes on (`traceparent`, `tracestate`, `grpc-trace-bin`). Other metadata is not passed on.
   */
  readonly parent?: Pick<ServerCall, "signal" | "timeoutMs" | "metadata"> | undefined;
  /** Run around those of the channel: the first is the outermost. */
  readonly interceptors?: readonly ClientInterceptor[] | undefined;
  /** Called with the response headers as soon as they arrive. An error that it throws ends the call with CANCELLED. */
  readonly onHeader?: ((header: Metadata) => void) | undefined;
  /** Called with the trailers, after the last message and before the call's promises settle. */
  readonly onTrailer?: ((trailer: Metadata) => void) | undefined;
}

/** The options of a call that was given none. */
export const NO_OPTIONS: CallOptions = {};

export const callOptionNames: OptionNames<CallOptions> = {
  metadata: true,
  signal: true,
  timeoutMs: true,
  deadline: true,
  idleTimeoutMs: true,
  waitForReady: true,
  compression: true,
  highWaterMark: true,
  credentials: true,
  context: true,
  parent: true,
  interceptors: true,
  onHeader: true,
  onTrailer: true,
};
