import type { CalledMethod } from "../../core/method.js";
import type { Channel, ClientListener, ClientStream, StartOptions } from "../../transport/transport.js";
import type { CallOptions } from "./call-options.js";
import { withCredentials } from "./credentials.js";
import { withInterceptors } from "./intercepted-channel.js";
import { streamStarter } from "./stream-starter.js";

/**
 * Starts the stream of a call, with what stands around this one call: its observers, then its own interceptors, then its own
 * credentials. What stands around all calls of the channel is the channel's.
 */
export function startStream<InInit, Out>(
  channel: Channel,
  method: CalledMethod<InInit, Out>,
  { interceptors, credentials }: CallOptions,
  start: StartOptions,
  listener: ClientListener,
): ClientStream<InInit, Out> {
  const own = credentials === undefined ? interceptors : [...(interceptors ?? []), withCredentials(credentials)];
  const through = own === undefined ? channel : withInterceptors(channel, own);
  return streamStarter.start(through, method, start, listener);
}
