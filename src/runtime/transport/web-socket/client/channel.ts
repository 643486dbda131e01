import { monotonicMs } from "../../../core/clock.js";
import { Http2Channel } from "../../grpc-h2/client/channel.js";
import { type ResolvedChannelOptions, resolveChannelOptions } from "../../grpc-h2/client/channel-options.js";
import type { CallOrigin, Destination } from "../../grpc-h2/client/destination.js";
import type { Platform } from "../../grpc-h2/limits.js";
import { whenAwake } from "./awake.js";
import { dialWebSocket } from "./dial.js";
import { splitOptions, type WebSocketOptions } from "./options.js";
import { parseWebSocketUrl } from "./target.js";

/** A connection that was silent for so long when the network is back is asked whether its server is there. */
const SILENT_MS = 5000;

/** A channel over our own HTTP/2, its bytes within WebSockets. Connects when the first call is made. */
export function connectWebSocket(
  target: string | URL,
  options: WebSocketOptions,
  platform: Platform,
): WebSocketChannel {
  const url = parseWebSocketUrl(target);
  const { http2, ...how } = splitOptions(options);
  const resolved = resolveChannelOptions(http2, platform);
  const destination = {
    name: `${url.protocol}//${url.host}${url.pathname}`,
    authority: resolved.authority ?? url.host,
    scheme: url.protocol === "wss:" ? "https" : "http",
    dial: dialWebSocket({ url, ...how }),
  } as const;
  return new WebSocketChannel(destination, resolved);
}

/** A channel that reconnects when the network is back, until it is closed. */
export class WebSocketChannel extends Http2Channel {
  readonly #sleep: () => void;

  constructor(destination: CallOrigin & Destination, options: ResolvedChannelOptions) {
    super(destination, options);
    this.#sleep = whenAwake(() => this.wake(SILENT_MS));
  }

  /**
   * The network is there again, or the page runs again: does not wait until the backoff is over, and asks servers that were silent for
   * so many milliseconds whether they are there.
   */
  wake(silentMs: number): void {
    const since = monotonicMs() - silentMs;
    for (const pool of this.pools) for (const connection of pool.connections) connection.doubt(since);
    this.resetBackoff();
  }

  override close(options?: { graceMs?: number }): Promise<void> {
    this.#sleep();
    return super.close(options);
  }
}
