import { createHash } from "node:crypto";
import { Random } from "../harness/random.js";

export { serve, withResolvers } from "../resume/support.js";

/** Bytes that a seed decides. */
export function randomBytes(length: number, seed = 1): Uint8Array<ArrayBuffer> {
  const random = new Random(seed);
  return Uint8Array.from({ length }, () => random.below(256));
}

export function sha256(...pieces: readonly Uint8Array[]): string {
  const hash = createHash("sha256");
  for (const piece of pieces) hash.update(piece);
  return hash.digest("hex");
}

/** Resolves once a number has not changed for 50 turns: what was to move has moved. */
export async function still(read: () => number): Promise<number> {
  let last = -1;
  for (let turns = 0; turns < 50; turns = read() === last ? turns + 1 : 0) {
    last = read();
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return last;
}
