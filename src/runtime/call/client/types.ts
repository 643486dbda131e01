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
  /** The peer: its TLS state, certificate and authority. Undefined as long as there is no connection. */
  readonly connection: CallConnection | undefined;
  /** Whether the message that was read last came compressed. Undefined before the first, and over grpc-js, which does not tell. */
  readonly compressed: boolean | undefined;
  /** Ends the call with CANCELLED. Does nothing where the call is over. `reason` becomes the `cause` of the error. */
  cancel(reason?: unknown): void;
  /** `await using`: cancels what is still open when the block is left. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** A server-streaming call: reads the responses. */
export interface ClientReader<Out> extends ClientCall, MessageReceiver<Out> {}

/** A client-streaming call: sends messages, and gets one response. */
export interface ClientWriter<InInit, Out> extends ClientCall, MessageSender<InInit> {
  /** Ends the sending side and waits for the response. Rejects with the call's RpcError where it fails. Calling it again returns the same result. */
  closeAndRecv(): Promise<Out>;
}

/** A bidirectional call: sends and receives independently. */
export interface ClientDuplex<InInit, Out> extends ClientCall, MessageReceiver<Out>, MessageSender<InInit> {
  /** Ends the sending side (half-close); responses are still received. Rejects with the call's RpcError where it failed before. */
  closeSend(): Promise<void>;
}
