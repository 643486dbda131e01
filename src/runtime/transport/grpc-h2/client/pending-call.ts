import type { status } from "../../../core/status.js";
import type { StreamHandler } from "../../../h2/index.js";
import type { StartOptions } from "../../transport.js";
import type { CallLinks } from "../call-list.js";
import type { ChannelConnection } from "./channel-connection.js";

/** Where a call is from its start to its end. */
export interface CallHost {
  /** What a call without a connection waits for, for people. */
  readonly waitingFor: string;
  /** The call has its status, and had no connection. */
  callOver(call: PendingCall): void;
  /** The server did not take the call; it may begin again. */
  callRefused(call: PendingCall): void;
}

/** A call as its channel and its connection hold it. */
export interface PendingCall extends StreamHandler, CallLinks<PendingCall> {
  readonly options: StartOptions;
  /** Opens the HTTP/2 stream. Only where the connection has room. */
  begin(connection: ChannelConnection): void;
  /** Ends the call from this side. Only from a fresh stack. */
  fail(code: status, details: string): void;
  /** As {@link fail}, from any stack: the caller hears of it later. */
  failSoon(code: status, details: string): void;
}
