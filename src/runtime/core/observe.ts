import { ignore } from "./deferred.js";

/** Takes what a user's callback returned: it may be an async function all the same, and what that rejects with must not end the process (P10). */
export function observe(returned: unknown): void {
  if (returned instanceof Promise) returned.catch(ignore);
}
