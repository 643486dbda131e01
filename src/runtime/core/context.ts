import { isInstance } from "./brand.js";

/** Tells a CallContext of any copy of this package. */
const BRAND = Symbol.for("gen-stubs-runtime.CallContext");

/** Names a value of one type in a {@link CallContext}. */
export interface ContextKey<Value> {
  /** A description of the value, for debugging. */
  readonly name: string;
  /** What `get` gives where nothing was set. */
  readonly defaultValue: Value | undefined;
  /** Tells keys apart, in every copy of this package. */
  readonly id: symbol;
}

/** Makes a key. Two keys with the same name are different keys. */
export function contextKey<Value>(name: string): ContextKey<Value>;
/** Makes a key with what `get` gives where nothing was set. */
export function contextKey<Value>(
  name: string,
  defaultValue: Value,
): ContextKey<Value> & { readonly defaultValue: Value };
export function contextKey<Value>(name: string, defaultValue?: Value): ContextKey<Value> {
  return { name, defaultValue, id: Symbol(name) };
}

/** Typed values that belong to one call: never sent, read and set by interceptors, handlers and callers. */
export class CallContext {
  readonly #values = new Map<symbol, unknown>();

  /** The value of a key; the key's default where none was set. */
  get<Value>(key: ContextKey<Value> & { readonly defaultValue: Value }): Value;
  /** The value of the key; where none was set, the key's default, or undefined without one. */
  get<Value>(key: ContextKey<Value>): Value | undefined;
  get<Value>(key: ContextKey<Value>): Value | undefined {
    return this.#values.has(key.id) ? (this.#values.get(key.id) as Value) : key.defaultValue; // `set` takes a Value
  }

  /** Sets the value of a key. Returns this context, so that sets can be chained. */
  set<Value>(key: ContextKey<Value>, value: Value): this {
    this.#values.set(key.id, value);
    return this;
  }

  /** Whether a value was set. */
  has(key: ContextKey<unknown>): boolean {
    return this.#values.has(key.id);
  }

  /** `value instanceof CallContext` holds for those of another copy of this package too (for example ESM beside CommonJS). */
  static [Symbol.hasInstance](value: unknown): boolean {
    // biome-ignore lint/complexity/noThisInStatic: for a subclass it is that class that is asked.
    return isInstance(this, CallContext, BRAND, value);
  }
}

Object.defineProperty(CallContext.prototype, BRAND, { value: true });
