/** TLS records of a handshake or an alert begin so (RFC 8446, section 5.1). */
const TLS_ALERT = 0x15;
const TLS_HANDSHAKE = 0x16;
const TLS_MAJOR = 3;

/** What the first bytes of a server that does not speak HTTP/2 tell about it; undefined where they tell nothing. */
export function hintOf(first: Uint8Array): string | undefined {
  if ((first[0] === TLS_ALERT || first[0] === TLS_HANDSHAKE) && first[1] === TLS_MAJOR) {
    return "the server speaks TLS: connect with https://, or give tls";
  }
  const text = String.fromCharCode(...first.subarray(0, 64));
  if (!text.startsWith("HTTP/1.")) return undefined;
  return `the server speaks HTTP/1, not HTTP/2; it answered ${JSON.stringify(text.split("\r\n", 1)[0])}`;
}

/**
 * What it tells that a server hung up before its first byte. A server that waits for a TLS handshake and is sent something else does
 * just that: OpenSSL, and with it Node, sends no alert to who has not begun one, nor does Go.
 *
 * @param plain whether it was asked over a socket without TLS; over anything else, an error of it tells all
 */
export function silenceOf(plain: boolean, error: Error | undefined): string {
  const silence = "the server hung up before it said anything";
  if (!plain) return error?.message ?? silence;
  const cause = error === undefined ? "" : ` (${error.message})`;
  return `${silence}${cause}: if it speaks TLS, connect with https://, or give tls`;
}
