import type { Server } from "./server.js";
import { connectInProcess } from "./transport/in-process/in-process.js";
import type { Channel } from "./transport/transport.js";

/**
 * A channel to a server in the same process, without a port: for tests. Calls go through real HTTP/2 frames, so that
 * flow control, metadata, deadlines and cancels behave as over a network. `server.shutdown()` ends it too.
 *
 * @example
 * ```ts
 * const client = new RouteGuideClient(inProcess(new Server().add(RouteGuideService, handlers)));
 * ```
 */
export function inProcess(server: Server): Channel {
  const { channel, transport } = connectInProcess(server.methods);
  server.attach(transport);
  return channel;
}
