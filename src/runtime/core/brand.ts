/**
 * What `value instanceof asked` answers for a class whose prototype carries `brand`, a symbol of `Symbol.for`: an instance of
 * any copy of this package is one (for example ESM beside CommonJS). A subclass is compared by its own prototype, not by the brand.
 */
export function isInstance(asked: unknown, branded: unknown, brand: symbol, value: unknown): boolean {
  if (asked !== branded) return Function.prototype[Symbol.hasInstance].call(asked, value);
  return typeof value === "object" && value !== null && brand in value;
}
