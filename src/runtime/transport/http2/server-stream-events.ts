import type { ServerHttp2Stream } from "node:http2";

/** What a server's call hears of its HTTP/2 stream. */
export interface ServerStreamOwner {
  onAborted(): void;
  onWantTrailers(): void;
  onEnd(): void;
  /** The last it hears. */
  onClose(): void;
}

const OWNER: unique symbol = Symbol("owner");

interface Owned {
  [OWNER]?: ServerStreamOwner | undefined;
}

/** Lets `owner` hear the stream until that is closed; for why it is done so, see `hearClientStream`. */
export function hearServerStream(stream: ServerHttp2Stream & Owned, owner: ServerStreamOwner): void {
  stream[OWNER] = owner;
  stream.on("aborted", onAborted);
  stream.on("wantTrailers", onWantTrailers);
  stream.on("end", onEnd);
  stream.on("close", onClose);
}

function onAborted(this: Owned): void {
  this[OWNER]?.onAborted();
}

function onWantTrailers(this: Owned): void {
  this[OWNER]?.onWantTrailers();
}

function onEnd(this: Owned): void {
  this[OWNER]?.onEnd();
}

function onClose(this: Owned): void {
  this[OWNER]?.onClose();
  this[OWNER] = undefined;
}
