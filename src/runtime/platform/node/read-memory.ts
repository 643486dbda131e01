import type { MessagePort } from "node:worker_threads";
import type { MovableBuffer } from "../../core/movable-buffer.js";

/** What a smaller read takes, the garbage collector frees as cheaply. */
const MUCH = 16 * 1024;

/**
 * Frees what a socket read, where that is much and there is nothing else in its buffer. Node allocates 64 KiB for each read of an accepted
 * socket. Left to the garbage collector, tens of megabytes of them are written before the first one is used again, none of which is in a
 * processor's cache by then; and from Node 22 on they make it collect the whole heap, many times a second.
 */
export function giveBack(bytes: Uint8Array): void {
  if (bytes.length < MUCH || bytes.length !== bytes.buffer.byteLength) return;
  const buffer = bytes.buffer as MovableBuffer; // Node reads into no other kind
  // A buffer of length 0 takes its place, and its memory is free.
  if (buffer.transfer !== undefined) buffer.transfer(0);
  else toNobody(buffer);
}

let nobody: MessagePort | undefined;

/**
 * What is moved to a closed port is gone: the transfer comes before the question whether anybody receives it
 * (https://html.spec.whatwg.org/multipage/web-messaging.html#message-port-post-message-steps).
 */
function toNobody(buffer: ArrayBuffer): void {
  if (nobody === undefined) {
    nobody = new MessageChannel().port1;
    nobody.close();
  }
  nobody.postMessage(null, [buffer]);
}
