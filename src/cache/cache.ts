/**
 * Keeps results of slow steps from run to run. Keys are digests of all that a result depends on, so an entry is right or
 * is not found: a cache may be deleted at any time, and sharing one does no harm.
 */
export interface Cache {
  /** What was put under a key; `undefined` where nothing was, or where it cannot be read. */
  get(key: string): Uint8Array | undefined;
  /** Keeps bytes under a key. That they could not be kept is no error. */
  put(key: string, bytes: Uint8Array): void;
}

/** Keeps nothing. */
export const noCache: Cache = { get: () => undefined, put() {} };

/** Reads an entry that was put as JSON; `undefined` where there is none. */
export function getJson(cache: Cache, key: string): unknown {
  const bytes = cache.get(key);
  return bytes === undefined ? undefined : JSON.parse(new TextDecoder().decode(bytes));
}

export function putJson(cache: Cache, key: string, value: unknown): void {
  cache.put(key, new TextEncoder().encode(JSON.stringify(value)));
}
