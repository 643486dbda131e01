/**
 * The wall: all that calls and transports know of each other. It is at the level of messages: a transport gets the codecs and the
 * messages, so that it can encode in place. Received messages stay bytes until they are taken ({@link ReceivedMessages}); the
 * transport reports that there are some, at most one header, and exactly one status.
 *
 * Rules for both sides of it:
 * - Listeners are called with an empty stack, never from inside `start`, `write`, `closeSend`, `cancel`, `sendHeader` or
 *   `finish`, nor from inside {@link ReceivedMessages}.
 * - A listener's methods do not throw.
 * - Calls on a stream that is over do nothing. A client's `write` then returns `false`: its status is on its way, and a loop of
 *   sends that did not wait for that would keep it from coming. A server's returns `true`.
 * - Times are moments of the monotonic clock (`core/clock.ts`), in milliseconds.
 */

export type { CallConnection, CallTls } from "./call-connection.js";
export type { Channel, ConnectivityState, Origin, WatchStateOptions } from "./channel.js";
export type { CallTotals, ChannelStats, ConnectionStats, RetryStats } from "./channel-stats.js";
export type { ClientListener, ClientStream } from "./client-stream.js";
export type { MessageRun } from "./message-run.js";
export type { MethodServer, MethodServers } from "./method-server.js";
export type { ReceivedMessages } from "./received-messages.js";
export type { ServerListener, ServerStream } from "./server-stream.js";
export type { Compression, StartOptions } from "./start-options.js";
