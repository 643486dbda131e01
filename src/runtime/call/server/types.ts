import type { CallContext } from "../../core/context.js";
import type { ForeignMetadata, Metadata } from "../../core/metadata.js";
import type { AnyMethod } from "../../core/method.js";
import type { CallConnection } from "../../transport/transport.js";
import type { MessageReceiver, MessageSender } from "../message-types.js";

/** One incoming call, as a handler sees it. */
export interface ServerCall {
  /** Aborts when the call is over before the handler is: cancelled, past its deadline, connection lost. Its reason is an RpcError. */
  readonly signal: AbortSignal;
  /** When the client's deadline passes. */
  readonly deadline: Date | undefined;
  /**
   * Milliseconds left until the deadline, at least 0; Infinity where there is none. Pass it on to calls that the handler makes:
   * `{ timeoutMs: call.timeoutMs() }`.
   */
  timeoutMs(): number;
  /** Typed values of this call: what interceptors set, handlers read. */
  readonly context: CallContext;
  /** The request headers. */
  readonly metadata: Metadata;
  /** `address:port` of the client. */
  readonly peer: string;
  /** The client: its TLS state and certificate, and the authority that it called. */
  readonly connection: CallConnection;
  /** Whether the request that was read last came compressed. Undefined before the first, and over grpc-js, which does not tell. */
  readonly compressed: boolean | undefined;
  /** The method that was called. */
  readonly method: AnyMethod;
  /** Sends the response headers, at most once, before the first message. Without it, empty headers are sent before that message. */
  sendHeader(header?: Metadata | ForeignMetadata): void;
  /** Sent at the end of the call; fill it while the handler runs. */
  readonly trailer: Metadata;
}

/** A server-streaming call. The stream ends when the handler's promise does. */
export interface ServerWriter<OutInit> extends ServerCall, MessageSender<OutInit> {}

/** A client-streaming call: receives messages, and sends one response. */
export interface ServerReader<In, OutInit> extends ServerCall, MessageReceiver<In> {
  /** Sends the response, exactly once; the client may still be sending (P15). A handler may return the response instead. */
  sendAndClose(message: OutInit): Promise<void>;
}

/** A bidirectional call. */
export interface ServerDuplex<In, OutInit> extends ServerCall, MessageReceiver<In>, MessageSender<OutInit> {}

/**
 * What the handler of a call with many responses returns: a promise, once it has sent them, or an iterable of them, which is
 * sent then.
 */
export type ManyResponses<OutInit> =
  | Promise<void | Iterable<OutInit> | AsyncIterable<OutInit>>
  | Iterable<OutInit>
  | AsyncIterable<OutInit>;

/** What the handler of a client-streaming call returns: its response, or nothing, once it has sent that. */
export type OneResponse<OutInit> = Promise<void | OutInit>;
