import { quote } from "../../../emit/quote.js";

/** A field `_1` is called `1` in TypeScript, and `_` has no name at all. */
const isIdentifier = (name: string): boolean => /^[A-Za-z_$][\w$]*$/.test(name);

/** `.name`, or `["1"]` where that is no identifier. */
export function access(name: string): string {
  return isIdentifier(name) ? `.${name}` : `[${quote(name)}]`;
}

/** The name as a key of an object literal. */
export function key(name: string): string {
  return isIdentifier(name) ? name : quote(name);
}
