import type { Metadata } from "../../core/metadata.js";
import type { StatusObject } from "../../core/rpc-error.js";
import type { CallConnection } from "../../transport/transport.js";
import type { MessageReceiver, MessageSender } from "../message-types.js";

/** What the three streaming calls have in common on the client. A call starts when it is made (P1). */
export interface ClientCall extends AsyncDisposable {
  /** The response headers. Rejects with the call's RpcError where it failed before any came. Need not be awaited. */
  readonly header: Promise<Metadata>;
  /** The trailers; resolves when the call is over, however it ended. */
  readonly trailer: Promise<Metadata>;
  /** How the call ended. Resolves for errors too: `(await call.status).code`. */
  readonly status: Promise<StatusObject>;
  /** `address:port` of the server, or "unknown" as long as there is no connection. */
  readonly peer: string;
  /** Who answers and over what: TLS, certificate, authority. Undefined as long as there is no connection. */
  readonly connection: CallConnection | undefined;
  /** Whether the message that was read last came compressed. Undefined before the first, and over grpc-js, which does not tell. */
  readonly compressed: boolean | undefined;
  /** Ends the call with CANCELLED. Does nothing where the call is over. `reason` becomes the error's cause. */
  cancel(reason?: unknown): void;
  /** `await using`: cancels what is still open when the block is left. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** A server-streaming call: the messages that come. */
export interface ClientReader<Out> extends ClientCall, MessageReceiver<Out> {}

/** A client-streaming call: messages out, one response back. */
export interface ClientWriter<InInit, Out> extends ClientCall, MessageSender<InInit> {
  /** Ends the sending side and waits for the response. Rejects with the call's RpcError. May be called again. */
  closeAndRecv(): Promise<Out>;
}

/** A bidirectional call: both halves, each at its own pace. */
export interface ClientDuplex<InInit, Out> extends ClientCall, MessageReceiver<Out>, MessageSender<InInit> {
  /** Ends the sending side; messages keep coming. Rejects with the call's RpcError where it failed before. */
  closeSend(): Promise<void>;
}
