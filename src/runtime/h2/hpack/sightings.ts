const slots = 256;

/**
 * Remembers which pairs were sent lately, by a hash each, in constant memory. A pair it takes for another costs a needless
 * entry of the dynamic table and nothing else.
 */
export class Sightings {
  #hashes: Int32Array | undefined;

  /** Whether this pair was sighted lately; it has been from now on. The name is told by its {@link hashOf}. */
  sight(nameHash: number, value: string): boolean {
    this.#hashes ??= new Int32Array(slots);
    const hash = hashOf(value, nameHash) | 1; // never 0, which an empty slot holds
    const slot = (hash >>> 8) & (slots - 1);
    if (this.#hashes[slot] === hash) return true;
    this.#hashes[slot] = hash;
    return false;
  }
}

/** FNV-1a, from the beginning or going on from another hash. */
export function hashOf(text: string, seed = 0x811c9dc5): number {
  let hash = seed;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash;
}
