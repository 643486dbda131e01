/** As long as its buffer is there, its length is not 0: V8 tells that of an array sooner than of a buffer. */
let probe = new Uint8Array(1);
let shared = probe.subarray(0, 0);

/**
 * No bytes: one array for all messages, as nobody can change it. An array for each would be a twelfth of what it costs to read a small
 * message. After somebody has moved its buffer to another thread there is a new one, which can be moved again.
 */
export function emptyBytes(): Uint8Array<ArrayBuffer> {
  if (probe.length === 0) {
    probe = new Uint8Array(1);
    shared = probe.subarray(0, 0);
  }
  return shared;
}
