/**
 * What `value instanceof asked` answers for a class whose prototype carries `brand`, a symbol of `Symbol.for`: an instance of
 * any copy of this package is one (ESM beside CommonJS, for one). For a subclass it is that class alone that is asked.
 */
export function isInstance(asked: unknown, branded: unknown, brand: symbol, value: unknown): boolean {
  if (asked !== branded) return Function.prototype[Symbol.hasInstance].call(asked, value);
  return typeof value === "object" && value !== null && brand in value;
}
