import type { AnyMethod } from "../../../core/method.js";
import type { status } from "../../../core/status.js";
import type { Stream, StreamHandler } from "../../../h2/index.js";
import type { CallTls, StartOptions } from "../../transport.js";
import type { CallLinks } from "../call-list.js";
import type { ChannelNews } from "../limits.js";

/** Where a call is from its start to its end. */
export interface CallHost {
  /** What a call without a connection waits for, for people. */
  readonly waitingFor: string;
  /** What `:authority` says. */
  readonly authority: string;
  /** Who is told of calls that are sent again. */
  readonly news?: ChannelNews | undefined;
  /** A call has its status. */
  noteEnd(code: status): void;
  /** The call has its status, and had no connection. */
  callOver(call: PendingCall): void;
  /** The server did not take the call; it may begin again. */
  callRefused(call: PendingCall): void;
}

/** A connection as the calls on it see it. */
export interface CallConnection {
  /** `address:port` of the server. */
  readonly peer: string;
  /** Which of the channel's servers; undefined where it has one. */
  readonly server: string | undefined;
  /** What TLS says of the server. */
  readonly tls: CallTls | undefined;
  /** Why the connection is gone, or going; undefined while nothing is known. */
  readonly lost: string | undefined;
  /** How large a block of headers may be sent, and whose limit that is. */
  readonly maxSendHeaderBytes: number;
  readonly headerLimitOwner: string;
  /** Opens a stream for a call; {@link release} must follow. */
  request(headers: string[], call: PendingCall): Stream;
  /** A call needs it no longer. */
  release(call: PendingCall): void;
  /** A call of that host has its status. */
  noteEnd(code: status, host: CallHost): void;
  /** The server took a call: it answers, or ended it other than by refusing it. */
  noteCarried(): void;
  /** The server did not take a call. */
  noteRefused(): void;
  /** A call is about to be reset. */
  noteReset(): void;
  /** A call that began then ran into its deadline. */
  doubt(since: number): void;
}

/** A call as its channel and its connection hold it. */
export interface PendingCall extends StreamHandler, CallLinks<PendingCall> {
  readonly method: AnyMethod;
  /** A call of the channel itself, such as a health check. It does not keep the process alive, and is not counted. */
  readonly quiet: boolean;
  readonly options: StartOptions;
  /** Opens the HTTP/2 stream. Only where the connection has room. */
  begin(connection: CallConnection): void;
  /** Ends the call from this side. Only from a fresh stack. */
  fail(code: status, details: string): void;
  /** As {@link fail}, from any stack: the caller hears of it later. */
  failSoon(code: status, details: string): void;
}
