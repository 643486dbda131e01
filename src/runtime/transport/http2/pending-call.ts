import type { status } from "../../core/metadata.js";
import type { StartOptions } from "../transport.js";
import type { Connection } from "./connection.js";

/** Where a call is from its start to its end. */
export interface CallHost {
  /** The call has its status. */
  callOver(call: PendingCall): void;
  /** The server did not take the call; it may begin again. */
  callRefused(call: PendingCall): void;
}

/** A call as the channel holds it until there is a connection for it. */
export interface PendingCall {
  readonly options: StartOptions;
  /** Whether the call has its status. */
  readonly over: boolean;
  /** Opens the HTTP/2 stream. Throws where the session takes no more; the call may then begin on another. */
  begin(connection: Connection): void;
  /** Ends the call from this side. Only from a fresh stack. */
  fail(code: status, details: string): void;
}
