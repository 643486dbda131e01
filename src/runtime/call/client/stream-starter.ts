import type { CalledMethod } from "../../core/method.js";
import type { Channel, ClientListener, ClientStream, StartOptions } from "../../transport/transport.js";

/** Starts the stream of a call on a channel. */
type StartOnChannel = <InInit, Out>(
  channel: Channel,
  method: CalledMethod<InInit, Out>,
  options: StartOptions,
  listener: ClientListener,
) => ClientStream<InInit, Out>;

/** How calls start: plainly, unless what tells of them is loaded, which pages leave out: they have nobody to tell. */
export const streamStarter: { start: StartOnChannel } = {
  start: (channel, method, options, listener) => channel.start(method, options, listener),
};
