import { noCompressor } from "../../../platform/no-compressor.js";
import { webEnvironment } from "../../../platform/web/environment.js";
import { connectWebSocket, type WebSocketChannel } from "./channel.js";
import type { WebSocketOptions } from "./options.js";

/** A channel of a page, which has no zlib: it accepts no compressed messages. */
export function connectInPage(target: string | URL, options: WebSocketOptions): WebSocketChannel {
  return connectWebSocket(target, options, { environment: webEnvironment, compressor: noCompressor });
}
