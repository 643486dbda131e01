import type { ForeignServers } from "../byte-pipe.js";

/** TLS records of a handshake or an alert begin so (RFC 8446, section 5.1). */
const TLS_ALERT = 0x15;
const TLS_HANDSHAKE = 0x16;
const TLS_MAJOR = 3;

/** What sockets know of servers that do not speak HTTP/2. */
export const overSocket: ForeignServers = {
  hintOf(first) {
    if ((first[0] === TLS_ALERT || first[0] === TLS_HANDSHAKE) && first[1] === TLS_MAJOR) {
      return "the server speaks TLS: connect with https://, or give tls";
    }
    const text = String.fromCharCode(...first.subarray(0, 64));
    if (!text.startsWith("HTTP/1.")) return undefined;
    return `the server speaks HTTP/1, not HTTP/2; it answered ${JSON.stringify(text.split("\r\n", 1)[0])}`;
  },
  silenceOf: (silence, error) => error?.message ?? silence,
};

/**
 * The same of a socket without TLS. A server that waits for a TLS handshake and is sent something else just hangs up: OpenSSL, and
 * with it Node, sends no alert to who has not begun one, nor does Go.
 */
export const overPlainSocket: ForeignServers = {
  hintOf: overSocket.hintOf,
  silenceOf(silence, error) {
    const cause = error === undefined ? "" : ` (${error.message})`;
    return `${silence}${cause}: if it speaks TLS, connect with https://, or give tls`;
  },
};
