import { ignore } from "./deferred.js";

/**
 * What a function of the user's returned that must not be asynchronous. A promise is a TypeError that names the function; what it may
 * reject with ends no process (P10).
 */
export function notPromised<Value>(value: Value, name: string): Value {
  if (!(value instanceof Promise)) return value;
  value.catch(ignore);
  throw new TypeError(`${name} returned a promise; it must not be an async function`);
}
