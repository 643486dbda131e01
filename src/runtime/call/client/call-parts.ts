import type { RpcError, StatusObject } from "../../core/rpc-error.js";
import type { ClientStream } from "../../transport/transport.js";

/** Creates the error of a call on first use, and returns that same error from then on. */
export type ErrorOfCall = () => RpcError;

/** What each of the four kinds of call implements: how it reacts to the events of its core. */
export interface ClientCallParts<InInit, Out> {
  /** True while received messages wait for a slow reader. Silence of the peer then does not count as idle time. */
  readonly isBehind: boolean;
  /** Whether the message that was read last came compressed. */
  readonly compressed: boolean | undefined;
  /** There is a stream to send to and to receive from. */
  begun(stream: ClientStream<InInit, Out>): void;
  onReadable(): void;
  onDrain(): void;
  /** May replace the transport's status: an OK without the response that is due is an error. */
  judge(status: StatusObject): StatusObject;
  /**
   * The call ended: `error` makes its error, and is undefined for OK. `dropped`: messages that were received and not read are discarded.
   */
  ended(error: ErrorOfCall | undefined, dropped: boolean): void;
}
