/**
 * Bun and Deno have a `node:net` of their own: it does not know `onread`, or not all of it, and allocates by rules of its own. Asked when a socket is
 * there, and not before: pages that bundle all of this have no `process.versions`.
 */
export function isNode(): boolean {
  return !("bun" in process.versions || "deno" in process.versions);
}
