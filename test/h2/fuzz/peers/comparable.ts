import type fc from "fast-check";
import { sequences } from "../frame-sequences.js";

const [SETTINGS, PING, GOAWAY] = [4, 6, 7];

/**
 * Sequences on which servers agree. Left out: what is no whole frame, since a server waits for the rest; a client's GOAWAY, behind which
 * some close and some do not; and acknowledgements of nothing, which node:http2 takes for faults.
 */
export const comparable: fc.Arbitrary<Uint8Array[]> = sequences.map((frames) => frames.filter(isComparable));

function isComparable(bytes: Uint8Array): boolean {
  if (bytes.length < 9 || bytes.length !== 9 + ((bytes[0]! << 16) | (bytes[1]! << 8) | bytes[2]!)) return false;
  const [type, flags] = [bytes[3]!, bytes[4]!];
  return type !== GOAWAY && !((type === SETTINGS || type === PING) && (flags & 1) === 1);
}
