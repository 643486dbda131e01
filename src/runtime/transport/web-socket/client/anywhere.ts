import { foundCompressor } from "../../../platform/found-compressor.js";
import { webEnvironment } from "../../../platform/web/environment.js";
import { connectionNews } from "../../grpc-h2/client/connection-news.js";
import { connectWebSocket, type WebSocketChannel } from "./channel.js";
import type { WebSocketOptions } from "./options.js";

/** A channel where there may be zlib, as on Node. */
export function connectAnywhere(target: string | URL, options: WebSocketOptions): WebSocketChannel {
  return connectWebSocket(target, options, {
    environment: webEnvironment,
    compressor: foundCompressor,
    news: connectionNews,
  });
}
