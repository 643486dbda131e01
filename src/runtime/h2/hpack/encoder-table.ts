import { DynamicTable } from "./dynamic-table.js";
import { entryOverhead } from "./header-list.js";
import { hashOf, Sightings } from "./sightings.js";
import { lastStatic, staticNameIndex, staticNames, staticValues } from "./static-table.js";

/** What the encoder knows of a name. */
export class KnownName {
  readonly name: string;
  /** The name's first index in the static table; 0 where it is not there. */
  readonly staticIndex: number;
  readonly hash: number;
  /** Whether its values must never be indexed, by anybody. */
  readonly isSensitive: boolean;
  /** Whether the table still knows it; another object may stand for the name otherwise. */
  isListed = false;
  /** The number of its newest entry; -1 where it never had one. */
  newest = -1;
  /** The value that was looked up last, and where it was. */
  lastValue: string | undefined = undefined;
  lastPlace = 0;
  /** Its entries in the dynamic table: value to number. */
  entries: Map<string, number> | undefined = undefined;

  constructor(name: string, isSensitive: boolean) {
    this.name = name;
    this.hash = hashOf(name);
    this.staticIndex = staticNameIndex.get(name) ?? 0;
    this.isSensitive = isSensitive;
  }
}

/**
 * Where pairs and names are, for an encoder: both tables, and maps into them, so that finding, adding and evicting cost
 * the same however large the table is.
 *
 * A *place* is an index of the static table, or {@link lastStatic} + 1 + an entry's number; 0 is nowhere. Other than an
 * index it stays true when entries are added.
 */
export class EncoderTable {
  readonly #table = new DynamicTable();
  readonly #names = new Map<string, KnownName>();
  readonly #sightings = new Sightings();
  readonly #isSensitive: (name: string) => boolean;

  constructor(isSensitive: (name: string) => boolean) {
    this.#isSensitive = isSensitive;
  }

  get maxSize(): number {
    return this.#table.maxSize;
  }

  /** How many names it keeps: those with entries, and those of the static table that were sent. */
  get names(): number {
    return this.#names.size;
  }

  /** The dynamic table's entries, the newest first. */
  entries(): [name: string, value: string][] {
    return this.#table.entries();
  }

  /** What is known of a name. */
  known(name: string): KnownName {
    const listed = this.#names.get(name);
    if (listed !== undefined) return listed;
    const known = new KnownName(name, this.#isSensitive(name));
    // Names of the static table are few; others are listed as long as they have entries.
    if (known.staticIndex !== 0) this.#list(known);
    return known;
  }

  /** Where the pair is. */
  find(known: KnownName, value: string): number {
    const entry = known.entries?.get(value);
    let place = entry === undefined ? 0 : entry + lastStatic + 1;
    for (let index = known.staticIndex; place === 0 && staticNames[index] === known.name; index++) {
      if (staticValues[index] === value && index !== 0) place = index;
    }
    if (place !== 0) {
      known.lastValue = value;
      known.lastPlace = place;
    }
    return place;
  }

  /** The index on the wire of a place. */
  index(place: number): number {
    return place <= lastStatic ? place : this.#table.added + 2 * lastStatic + 1 - place;
  }

  /** An index that stands for the name; 0 where there is none. */
  nameIndex(known: KnownName): number {
    if (known.staticIndex !== 0) return known.staticIndex;
    return this.#hasEntry(known) ? this.index(known.newest + lastStatic + 1) : 0;
  }

  /**
   * Whether the pair, which is in no table, is worth an entry. A name's first value is; another one, or one that would take
   * much of the table, when it comes for the second time: values that differ from call to call would drive out those that do not.
   */
  isWorthAdding(known: KnownName, value: string): boolean {
    const size = known.name.length + value.length + entryOverhead;
    const maxSize = this.#table.maxSize;
    if (size > maxSize * 0.75) return false;
    if (!this.#hasEntry(known) && size <= maxSize * 0.25) return true;
    return this.#sightings.sight(known.hash, value);
  }

  /** Adds a pair that is in no table and not larger than it. */
  add(known: KnownName, value: string): void {
    const size = known.name.length + value.length + entryOverhead;
    while (this.#table.size + size > this.#table.maxSize) this.#evict();
    if (!known.isListed) this.#list(known);
    known.newest = this.#table.added;
    known.entries ??= new Map();
    known.entries.set(value, known.newest);
    this.#table.add(known.name, value);
  }

  resize(maxSize: number): void {
    while (this.#table.size > maxSize) this.#evict();
    this.#table.resize(maxSize);
  }

  #list(known: KnownName): void {
    known.isListed = true;
    this.#names.set(known.name, known);
  }

  #hasEntry(known: KnownName): boolean {
    return known.newest >= this.#table.evicted;
  }

  #evict(): void {
    const number = this.#table.evicted;
    const known = this.#names.get(this.#table.name(number))!;
    const value = this.#table.value(number);
    this.#table.evict();
    known.entries!.delete(value);
    if (known.lastPlace === number + lastStatic + 1) known.lastValue = undefined;
    if (known.staticIndex === 0 && known.entries!.size === 0) {
      known.isListed = false;
      this.#names.delete(known.name);
    }
  }
}
