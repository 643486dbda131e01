/** So few bytes are copied faster by a loop than by a view and `set`. */
const FEW = 48;

/** Copies bytes `start` to `end` to where `at` is. */
export function putBytes(from: Uint8Array, start: number, end: number, to: Uint8Array, at: number): void {
  const length = end - start;
  if (length <= FEW) for (let i = 0; i < length; i++) to[at + i] = from[start + i]!;
  else setBytes(to, viewOf(from, start, end), at);
}

const { set } = Uint8Array.prototype;

/** `to.set(from, at)`, without a search for `set` each time: V8 finds it anew at every call, which takes as long as to copy some hundred bytes. */
export function setBytes(to: Uint8Array, from: Uint8Array, at: number): void {
  set.call(to, from, at);
}

/** A view of bytes `start` to `end`. Not `subarray`: of a Buffer that makes another Buffer, which costs twice as much. */
export function viewOf(bytes: Uint8Array, start: number, end: number): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset + start, end - start);
}
