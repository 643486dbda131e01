import type { Cache } from "./cache.js";

/** Keeps what one process put or got in memory, in front of another cache: for runs that follow one another. */
export function memoryCache(behind: Cache): Cache {
  const entries = new Map<string, Uint8Array>();
  return {
    get(key) {
      const known = entries.get(key) ?? behind.get(key);
      if (known !== undefined) remember(entries, key, known);
      return known;
    },
    put(key, bytes) {
      remember(entries, key, bytes);
      behind.put(key, bytes);
    },
  };
}

const maxEntries = 16;

function remember(entries: Map<string, Uint8Array>, key: string, bytes: Uint8Array): void {
  // The order of a Map is that of insertion: the entry used longest ago comes first.
  entries.delete(key);
  entries.set(key, bytes);
  const [oldest] = entries.keys();
  if (entries.size > maxEntries && oldest !== undefined) entries.delete(oldest);
}
