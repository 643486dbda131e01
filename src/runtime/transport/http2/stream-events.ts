import type { ClientHttp2Stream, IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";

/** What a call on either side hears of its HTTP/2 stream. */
interface StreamOwner {
  onEnd(): void;
  /** The last it hears. */
  onClose(): void;
}

export interface ClientStreamOwner extends StreamOwner {
  onResponse(headers: IncomingHttpHeaders, flags: number, raw: string[] | undefined): void;
  onTrailers(headers: IncomingHttpHeaders, raw: string[] | undefined): void;
}

export interface ServerStreamOwner extends StreamOwner {
  onAborted(): void;
  onWantTrailers(): void;
}

const OWNER: unique symbol = Symbol("owner");

interface Owned<Owner extends StreamOwner> {
  [OWNER]?: Owner | undefined;
}

/**
 * Lets `owner` hear the stream until that is closed. By functions that all streams share: a call makes none of its own,
 * and a closed stream, which node:http2 keeps until the next full garbage collection, keeps no call.
 */
export function hearClientStream(stream: ClientHttp2Stream & Owned<ClientStreamOwner>, owner: ClientStreamOwner): void {
  stream[OWNER] = owner;
  stream.on("response", onResponse);
  stream.on("trailers", onTrailers);
  stream.on("end", onEnd);
  stream.on("error", ignore); // 'close' follows
  stream.on("close", onClose);
}

/** As {@link hearClientStream}. */
export function hearServerStream(stream: ServerHttp2Stream & Owned<ServerStreamOwner>, owner: ServerStreamOwner): void {
  stream[OWNER] = owner;
  stream.on("aborted", onAborted);
  stream.on("wantTrailers", onWantTrailers);
  stream.on("end", onEnd);
  stream.on("close", onClose);
}

function onResponse(this: Owned<ClientStreamOwner>, headers: IncomingHttpHeaders, flags: number, raw?: string[]): void {
  this[OWNER]?.onResponse(headers, flags, raw);
}

function onTrailers(
  this: Owned<ClientStreamOwner>,
  headers: IncomingHttpHeaders,
  _flags: number,
  raw?: string[],
): void {
  this[OWNER]?.onTrailers(headers, raw);
}

function onAborted(this: Owned<ServerStreamOwner>): void {
  this[OWNER]?.onAborted();
}

function onWantTrailers(this: Owned<ServerStreamOwner>): void {
  this[OWNER]?.onWantTrailers();
}

function onEnd(this: Owned<StreamOwner>): void {
  this[OWNER]?.onEnd();
}

function onClose(this: Owned<StreamOwner>): void {
  this[OWNER]?.onClose();
  this[OWNER] = undefined;
}

function ignore(): void {}
