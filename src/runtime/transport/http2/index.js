import { Http2Channel } from "./channel.js";
import { resolveChannelOptions } from "./channel-options.js";
import { Http2Listener } from "./server.js";
import { parseTarget } from "./target.js";
/**
 * A channel to `http://host:port`, `https://host:port` or `unix:/path`. Connects when the first call is made.
 * @throws TypeError for a target that is none of these.
 */
export function http2Channel(target, options = {}) {
    return new Http2Channel(parseTarget(target, options.tls !== undefined), resolveChannelOptions(options));
}
/**
 * Listens on `host:port` (port 0: any free one) or `unix:/path`, and answers the methods given.
 * Rejects with Node's own error where listening fails (EADDRINUSE…).
 */
export async function listenHttp2(methods, address, options = {}) {
    const listener = new Http2Listener(methods, options);
    await listener.listen(address);
    return listener;
}
