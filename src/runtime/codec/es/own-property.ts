import type { Fields } from "./plan.js";

/**
 * Sets a property whose name the peer chose. Assigning to `__proto__` would set the prototype of a plain object instead
 * (https://tc39.es/ecma262/#sec-object.prototype.__proto__); every other name becomes an own property by assignment.
 *
 * @param name - a map key or a member of a Struct: text, or a number, bigint or boolean, which becomes text
 */
export function setOwn(object: object, name: unknown, value: unknown): void {
  if (name === "__proto__") {
    Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
  } else {
    // Any object may be given any property.
    (object as Fields)[name as string] = value;
  }
}
