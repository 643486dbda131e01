import { builtinModule } from "./builtin-module.js";
import type { MethodKind } from "./method.js";
import type { status } from "./status.js";

/** `gen-stubs:call:start`. */
export interface CallStartEvent {
  /** The side that reports the event. Where client and server are in one process, each reports. */
  readonly side: "client" | "server";
  /** Tells calls of this process apart; the same in the call's other events of this side. */
  readonly id: number;
  /** `/package.Service/Method` */
  readonly method: string;
  /** Which of the four kinds of call it is. */
  readonly kind: MethodKind;
  /** `address:port` of the other end; "unknown" where there is no connection yet. */
  readonly peer: string;
}

/** `gen-stubs:call:end`: the status that the transport reported (client), or that was sent or came instead (server). */
export interface CallEndEvent extends CallStartEvent {
  /** The status that the call ended with; `status.OK` where it succeeded. */
  readonly code: status;
  /** The status's text. It may come from the peer: escape control characters before writing it to a log. */
  readonly details: string;
  /** How many messages this side sent, and how many came, read or not. */
  readonly sent: number;
  /** How many messages this side has received. */
  readonly received: number;
  /** Milliseconds from the start of the call to its end. */
  readonly durationMs: number;
}

/** `gen-stubs:connection`: of our own HTTP/2. A client's begins with "connecting", a server's with "ready". */
export interface ConnectionEvent {
  /** The side that reports the event. */
  readonly side: "client" | "server";
  /** Where the channel goes (client), or `address:port` of the client (server). */
  readonly target: string;
  /** `address:port` of the other end; "unknown" while connecting. */
  readonly peer: string;
  /** "closing": it takes no new calls, and its open ones go on. */
  readonly state: "connecting" | "ready" | "closing" | "closed";
  /** Why it is closing or closed, where that is known. */
  readonly reason?: string | undefined;
}

/** `gen-stubs:resolution`: where the servers of a target are, or why that is not known. */
export interface ResolutionEvent {
  /** As `connect` was given it. */
  readonly target: string;
  /** `address:port` of each; undefined where the look-up failed. */
  readonly addresses: readonly string[] | undefined;
  /** Why it failed. */
  readonly error?: string | undefined;
}

/** `gen-stubs:call:refused`: a server answered a request that no handler saw. */
export interface RefusalEvent {
  /** Who called, `address:port`. */
  readonly peer: string;
  /** The path that was called, `/weather.v1.Weather/Now`. */
  readonly path: string;
  /** What it was refused with. */
  readonly code: status;
  /** Why. */
  readonly details: string;
}

/**
 * `gen-stubs:call:retry`: a call is sent again (gRFC A6): transparently, where the server did not process it, or by the retry policy of the
 * service config.
 */
export interface RetryEvent {
  /** The path of the method. */
  readonly method: string;
  /** Of the attempt before; "unknown" where that had no connection. */
  readonly peer: string;
  /** Why the call is sent again. It may contain text of the peer. */
  readonly reason: string;
  /** The number of the attempt under the service config's retry policy: 2 for the second. Undefined for transparent retries, which do not count. */
  readonly attempt?: number | undefined;
}

/** A channel of `node:diagnostics_channel`, as far as it is used here. */
export interface EventChannel<Event> {
  readonly hasSubscribers: boolean;
  publish(event: Event): void;
}
interface NodeChannels {
  channel(name: string): EventChannel<unknown>;
}

const channels = builtinModule<NodeChannels>("node:diagnostics_channel");

const NOBODY_LISTENS: EventChannel<unknown> = { hasSubscribers: false, publish() {} };

// The channels of all events, each by itself, so that bundles have those that they use: import them as `events`. Check
// `hasSubscribers` before creating an event, so that events without subscribers cost nothing.
export const callStart: EventChannel<CallStartEvent> = /* @__PURE__ */ channel("call:start");
export const callEnd: EventChannel<CallEndEvent> = /* @__PURE__ */ channel("call:end");
export const connection: EventChannel<ConnectionEvent> = /* @__PURE__ */ channel("connection");
export const resolution: EventChannel<ResolutionEvent> = /* @__PURE__ */ channel("resolution");
export const refusal: EventChannel<RefusalEvent> = /* @__PURE__ */ channel("call:refused");
export const retry: EventChannel<RetryEvent> = /* @__PURE__ */ channel("call:retry");

function channel(name: string): EventChannel<unknown> {
  return channels?.channel(`gen-stubs:${name}`) ?? NOBODY_LISTENS;
}
