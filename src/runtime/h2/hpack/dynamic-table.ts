import { defaultTableSize, entryOverhead } from "./header-list.js";

/**
 * The dynamic table ({@link https://www.rfc-editor.org/rfc/rfc7541#section-2.3.2 | RFC 7541, 2.3.2} and
 * {@link https://www.rfc-editor.org/rfc/rfc7541#section-4 | 4}): first in, first out, in a ring, so that adding and evicting
 * cost the same however many entries there are. Entries are numbered from 0 in the order in which they came, for ever.
 */
export class DynamicTable {
  #names: string[] = new Array<string>(32).fill("");
  #values: string[] = new Array<string>(32).fill("");
  #mask = 31;
  #added = 0;
  #evicted = 0;
  #size = 0;
  #maxSize: number = defaultTableSize;

  /** How many entries have ever been added: the number that the next one gets. */
  get added(): number {
    return this.#added;
  }

  /** How many entries have ever been evicted: the number of the oldest that is left. */
  get evicted(): number {
    return this.#evicted;
  }

  /** The entries' size as RFC 7541, 4.1 counts it. */
  get size(): number {
    return this.#size;
  }

  get maxSize(): number {
    return this.#maxSize;
  }

  /** The name of an entry that is in the table, by its number. */
  name(number: number): string {
    return this.#names[number & this.#mask]!;
  }

  /** The value of an entry that is in the table, by its number. */
  value(number: number): string {
    return this.#values[number & this.#mask]!;
  }

  /** Evicts what no longer fits ({@link https://www.rfc-editor.org/rfc/rfc7541#section-4.3 | RFC 7541, 4.3}). */
  resize(maxSize: number): void {
    this.#maxSize = maxSize;
    while (this.#size > maxSize) this.evict();
  }

  /** Evicts all, as an entry larger than the table does, which is not added then ({@link https://www.rfc-editor.org/rfc/rfc7541#section-4.4 | RFC 7541, 4.4}). */
  clear(): void {
    while (this.#evicted < this.#added) this.evict();
  }

  /** Adds an entry, which must not be larger than the table, and evicts what must make room for it. */
  add(name: string, value: string): void {
    const size = name.length + value.length + entryOverhead;
    while (this.#size + size > this.#maxSize) this.evict();
    if (this.#added - this.#evicted > this.#mask) this.#grow();
    const slot = this.#added & this.#mask;
    this.#names[slot] = name;
    this.#values[slot] = value;
    this.#size += size;
    this.#added++;
  }

  /** Evicts the oldest entry; there must be one. */
  evict(): void {
    const slot = this.#evicted & this.#mask;
    this.#size -= this.#names[slot]!.length + this.#values[slot]!.length + entryOverhead;
    this.#names[slot] = "";
    this.#values[slot] = "";
    this.#evicted++;
  }

  /** All entries, the newest first, as the wire numbers them. */
  entries(): [name: string, value: string][] {
    const entries: [string, string][] = [];
    for (let number = this.#added - 1; number >= this.#evicted; number--) {
      entries.push([this.name(number), this.value(number)]);
    }
    return entries;
  }

  #grow(): void {
    const [names, values, mask] = [this.#names, this.#values, this.#mask];
    const length = 2 * (mask + 1);
    this.#names = new Array<string>(length).fill("");
    this.#values = new Array<string>(length).fill("");
    this.#mask = length - 1;
    for (let number = this.#evicted; number < this.#added; number++) {
      this.#names[number & this.#mask] = names[number & mask]!;
      this.#values[number & this.#mask] = values[number & mask]!;
    }
  }
}
