/** What the pages use of a browser that Node's types do not have: with the whole of `lib.dom` the two sets contradict each other. */

declare const location: { readonly host: string; readonly port: string; readonly search: string };

declare function addEventListener(type: string, listener: (event: Event) => void): void;
declare function removeEventListener(type: string, listener: (event: Event) => void): void;

declare class WebSocket {
  constructor(url: string, protocols?: string | string[]);
  binaryType: string;
  readonly extensions: string;
  readonly readyState: number;
  send(bytes: Uint8Array<ArrayBuffer>): void;
  close(code?: number, reason?: string): void;
  addEventListener(type: "open" | "error", listener: (event: { readonly message?: string }) => void): void;
  addEventListener(type: "message", listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: "close", listener: (event: { readonly code: number; readonly reason: string }) => void): void;
}
