import { createHash } from "node:crypto";

/** The SHA-256 of some parts, in hex. Parts keep their bounds: `("ab", "c")` and `("a", "bc")` differ. */
export function digest(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash("sha256");
  for (const part of parts) {
    hash.update(`${typeof part === "string" ? Buffer.byteLength(part) : part.length}:`);
    hash.update(part);
  }
  return hash.digest("hex");
}
