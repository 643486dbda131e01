import type { ClientHttp2Stream, IncomingHttpHeaders } from "node:http2";

/** What a client's call hears of its HTTP/2 stream. */
export interface ClientStreamOwner {
  onResponse(headers: IncomingHttpHeaders, flags: number, raw: string[] | undefined): void;
  onTrailers(headers: IncomingHttpHeaders, raw: string[] | undefined): void;
  onEnd(): void;
  /** The last it hears. */
  onClose(): void;
}

const OWNER: unique symbol = Symbol("owner");

interface Owned {
  [OWNER]?: ClientStreamOwner | undefined;
}

/**
 * Lets `owner` hear the stream until that is closed. By functions that all streams share: a call makes none of its own,
 * and a closed stream, which node:http2 keeps until the next full garbage collection, keeps no call.
 */
export function hearClientStream(stream: ClientHttp2Stream & Owned, owner: ClientStreamOwner): void {
  stream[OWNER] = owner;
  stream.on("response", onResponse);
  stream.on("trailers", onTrailers);
  stream.on("end", onEnd);
  stream.on("error", ignore); // 'close' follows
  stream.on("close", onClose);
}

function onResponse(this: Owned, headers: IncomingHttpHeaders, flags: number, raw?: string[]): void {
  this[OWNER]?.onResponse(headers, flags, raw);
}

function onTrailers(this: Owned, headers: IncomingHttpHeaders, _flags: number, raw?: string[]): void {
  this[OWNER]?.onTrailers(headers, raw);
}

function onEnd(this: Owned): void {
  this[OWNER]?.onEnd();
}

function onClose(this: Owned): void {
  this[OWNER]?.onClose();
  this[OWNER] = undefined;
}

function ignore(): void {}
