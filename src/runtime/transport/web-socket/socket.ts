/** What is used of a WebSocket: of a browser's, of Node's own, of the package `ws`. */
export interface WebSocketLike {
  /** Set to `arraybuffer`. */
  binaryType: string;
  /** What the two ends agreed on; empty for nothing. */
  readonly extensions: string;
  /** 0 connecting, 1 open, 2 closing, 3 closed. */
  readonly readyState: number;
  /** Sends one binary message. */
  send(bytes: Uint8Array<ArrayBuffer>): void;
  /** Closes it with a code, 1000 or 3000 to 4999, and a reason of at most 123 bytes. */
  close(code?: number, reason?: string): void;
  /** As of the `WebSocket` of browsers. */
  addEventListener(type: "open" | "error", listener: (event: { readonly message?: string }) => void): void;
  /** As of the `WebSocket` of browsers. */
  addEventListener(type: "message", listener: (event: { readonly data: unknown }) => void): void;
  /** As of the `WebSocket` of browsers. */
  addEventListener(type: "close", listener: (event: { readonly code: number; readonly reason: string }) => void): void;
}

/** A class of WebSockets. */
export type WebSocketClass = new (url: string, protocols?: string | string[]) => WebSocketLike;

/** {@link WebSocketLike.readyState} of an open socket. */
export const OPEN = 1;
