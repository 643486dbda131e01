import { ignore } from "./deferred.js";

/**
 * Checks the result of a user's function that must be synchronous. A promise is a TypeError that names the function; its rejection,
 * if any, does not end the process (P10).
 */
export function notPromised<Value>(value: Value, name: string): Value {
  if (!(value instanceof Promise)) return value;
  value.catch(ignore);
  throw new TypeError(`${name} returned a promise; it must not be an async function`);
}
