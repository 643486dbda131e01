/**
 * Why a WebSocket is closed (RFC 6455, section 7.4; 4000 to 4999 are an application's own). A page cannot read the HTTP status
 * of an upgrade that was refused, so that a server accepts it and then closes with one of these.
 */
export const CloseCode = {
  Normal: 1000,
  GoingAway: 1001,
  UnsupportedData: 1003,
  InternalError: 1011,
  TryAgainLater: 1013,
  /** The client is not authenticated: HTTP's 401. */
  Unauthenticated: 4401,
  /** A page or a caller that is not allowed: HTTP's 403. */
  Forbidden: 4403,
  /** Nothing there to connect to: HTTP's 404. */
  NotFound: 4404,
  /** What is behind a relay cannot be reached: HTTP's 502. */
  BadGateway: 4502,
} as const;

const WORDS: Readonly<Record<number, string>> = {
  1001: "the server is going away",
  1002: "a fault in the WebSocket's protocol",
  1003: "a text message, where only bytes are understood",
  1006: "the connection was lost, or there is no WebSocket at this address",
  1009: "a WebSocket message that is too large",
  1011: "an error in the server",
  1012: "the server restarts",
  1013: "the server has too much to do",
  1015: "TLS failed",
  4401: "the server does not know who calls",
  4403: "the server does not allow it",
  4404: "there is nothing to connect to",
  4502: "the server behind the relay cannot be reached",
};

/** The reason of a close as text; undefined for a normal close. */
export function textOfClose(code: number, reason: string): string | undefined {
  if (code === CloseCode.Normal || code === 1005) return undefined;
  const words = reason !== "" ? reason : (WORDS[code] ?? "the WebSocket was closed");
  return `${words} (WebSocket close code ${code})`;
}

/** A reason as a close frame can carry it: 123 bytes at most (RFC 6455, section 5.5). Printable ASCII stays as it is. */
export function closeReason(text: string): string {
  return text.replace(/[^ -~]/g, "?").slice(0, 123);
}
