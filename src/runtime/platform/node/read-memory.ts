/** What a smaller read takes, the garbage collector frees as cheaply. */
const MUCH = 16 * 1024;

/** ECMAScript 2024: https://tc39.es/ecma262/#sec-arraybuffer.prototype.transfer. Node has it from version 22 on. */
interface Transferable {
  transfer?(newLength: number): ArrayBuffer;
}

/**
 * Frees what a socket read, where that is much, the platform can, and there is nothing else in its buffer. Node allocates 64 KiB for each read
 * of an accepted socket. Left to the garbage collector, tens of megabytes of them are written before the first one is used again, none of
 * which is in a processor's cache by then; and from Node 22 on they make it collect the whole heap, many times a second.
 */
export function giveBack(bytes: Uint8Array): void {
  if (bytes.length < MUCH || bytes.length !== bytes.buffer.byteLength) return;
  (bytes.buffer as Transferable).transfer?.(0); // a buffer of length 0 takes its place, and its memory is free
}
