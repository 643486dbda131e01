import { isInstance } from "./brand.js";
import { copyBytes, fromBase64, toBase64 } from "./bytes.js";

/** One value: text, or bytes where the key ends in `-bin`. */
export type MetadataValue = string | Uint8Array;

/** grpc-js's Metadata, of any copy of it, by the one method that gives all its values. */
export interface ForeignMetadata {
  /** As grpc-js's Metadata has it. */
  toHttp2Headers(): Readonly<Record<string, unknown>>;
}

/** Tells a Metadata of any copy of this package. */
const BRAND = Symbol.for("gen-stubs-runtime.Metadata");

/** Names and values that may be sent (gRPC over HTTP/2, "Custom-Metadata"). */
const LEGAL_KEY = /^[0-9a-z_.-]+$/;
const LEGAL_TEXT = /^[ -~]*$/;

/**
 * The metadata of a call: headers or trailers. Keys are lower case; one key may have several values. The methods are
 * those of grpc-js's class, so that code reads the same; values of keys that end in `-bin` are bytes, all others text.
 *
 * @see https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md "Custom-Metadata"
 */
export class Metadata {
  /** Made with the first value: most calls have none. */
  #values: Map<string, MetadataValue[]> | undefined;

  /** How many keys there are. */
  get size(): number {
    return this.#values?.size ?? 0;
  }

  /** Replaces all values of the key by this one. Throws a TypeError for a key or value that cannot be sent. */
  set(key: string, value: MetadataValue): void {
    const name = checkedKey(key);
    const checked = checkedValue(name, value);
    this.#values ??= new Map();
    this.#values.set(name, [checked]);
  }

  /** Adds a value behind those the key has. Throws as {@link set}. */
  add(key: string, value: MetadataValue): void {
    const name = checkedKey(key);
    this.#append(name, checkedValue(name, value));
  }

  /** Removes the key and its values. */
  remove(key: string): void {
    this.#values?.delete(key.toLowerCase());
  }

  /** All values of the key, in order; an empty array where there is none. */
  get(key: string): MetadataValue[] {
    return this.#values?.get(key.toLowerCase())?.slice() ?? [];
  }

  /** The first value of each key. */
  getMap(): { [key: string]: MetadataValue } {
    const map: { [key: string]: MetadataValue } = Object.create(null);
    for (const [key, [first]] of this.#values ?? []) if (first !== undefined) map[key] = first;
    return map;
  }

  /** Keys and values, a pair for each value. */
  *[Symbol.iterator](): IterableIterator<[key: string, value: MetadataValue]> {
    for (const [key, values] of this.#values ?? []) for (const value of values) yield [key, value];
  }

  /** An independent copy. */
  clone(): Metadata {
    const copy = new Metadata();
    copy.merge(this);
    return copy;
  }

  /** Adds all values of `other` behind those that are here. `other` may be grpc-js's. */
  merge(other: Metadata | ForeignMetadata): void {
    const from = Metadata.from(other);
    if (from.#values === undefined) return;
    for (const [key, values] of from.#values.entries()) for (const value of values) this.#append(key, value);
  }

  /** As headers of HTTP/2: bytes as base64 without padding, one string or a list of them for each key. */
  toHttp2Headers(): { [key: string]: string | string[] } {
    const headers: { [key: string]: string | string[] } = Object.create(null);
    for (const [key, values] of this.#values ?? []) {
      const texts = values.map((value) => (typeof value === "string" ? value : toBase64(value)));
      headers[key] = texts.length === 1 ? texts[0]! : texts;
    }
    return headers;
  }

  /** For `JSON.stringify` and logs: bytes as base64. */
  toJSON(): { [key: string]: string[] } {
    const json: { [key: string]: string[] } = {};
    for (const [key, values] of this.#values ?? []) {
      Object.defineProperty(json, key, {
        value: values.map((value) => (typeof value === "string" ? value : toBase64(value))),
        enumerable: true,
      });
    }
    return json;
  }

  /** Adds what a peer sent; a header that is no metadata by the specification is left out. */
  addReceived(key: string, value: string): void {
    if (!LEGAL_KEY.test(key)) return;
    if (!key.endsWith("-bin")) {
      this.#append(key, value);
      return;
    }
    // One header may carry several values, each with or without padding.
    for (const part of value.split(",")) this.#append(key, fromBase64(part.trim()));
  }

  /** This Metadata, or one with the values of grpc-js's. */
  static from(given: Metadata | ForeignMetadata): Metadata {
    if (#values in given) return given;
    const metadata = new Metadata();
    for (const [key, values] of Object.entries(given.toHttp2Headers())) {
      for (const value of Array.isArray(values) ? values : [values])
        metadata.addReceived(key.toLowerCase(), String(value));
    }
    return metadata;
  }

  /** `value instanceof Metadata` holds for those of another copy of this package too (for example ESM beside CommonJS). */
  static [Symbol.hasInstance](value: unknown): boolean {
    // biome-ignore lint/complexity/noThisInStatic: for a subclass it is that class that is asked.
    return isInstance(this, Metadata, BRAND, value);
  }

  #append(key: string, value: MetadataValue): void {
    this.#values ??= new Map();
    const values = this.#values.get(key);
    if (values === undefined) this.#values.set(key, [value]);
    else values.push(value);
  }
}

Object.defineProperty(Metadata.prototype, BRAND, { value: true });

/** Whether a value is metadata: ours or grpc-js's, from whatever copy in the tree (told by shape, not by class). */
export function isMetadata(value: unknown): value is Metadata | ForeignMetadata {
  return (
    typeof value === "object" &&
    value !== null &&
    "toHttp2Headers" in value &&
    typeof value.toHttp2Headers === "function" &&
    "getMap" in value &&
    typeof value.getMap === "function"
  );
}

function checkedKey(key: string): string {
  const name = key.toLowerCase();
  if (!LEGAL_KEY.test(name)) {
    throw new TypeError(`metadata key ${JSON.stringify(key)}: only letters, digits, "-", "_" and "." can be sent`);
  }
  return name;
}

/** The value, bytes as a copy, so that later changes of the caller's bytes do not reach the call. */
function checkedValue(key: string, value: MetadataValue): MetadataValue {
  if (key.endsWith("-bin")) {
    if (value instanceof Uint8Array) return copyBytes(value);
    throw new TypeError(`metadata "${key}" takes a Uint8Array, not text: its name ends in -bin`);
  }
  if (typeof value !== "string") throw new TypeError(`metadata "${key}" takes text: its name does not end in -bin`);
  if (LEGAL_TEXT.test(value)) return value;
  throw new TypeError(`metadata "${key}": only printable ASCII can be sent as text; use a key that ends in -bin`);
}
