/** Bun and Deno have a `node:net` of their own: it does not know `onread`, or not all of it, and allocates by rules of its own. */
export const isNode: boolean = process.versions["bun"] === undefined && process.versions["deno"] === undefined;
