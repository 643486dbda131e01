/** The call that code belongs to which was handed none: a logger, a layer of data access. */
import { AsyncLocalStorage } from "node:async_hooks";
import { setCallRunner } from "./call/server/call-runner.js";
import type { ServerCall } from "./call/server/types.js";

const calls = new AsyncLocalStorage<ServerCall>();
setCallRunner((call, run) => calls.run(call, run));

/**
 * The server's call whose interceptors or handler this code runs for, however many awaits away; undefined elsewhere. Calls are
 * kept as soon as this module is imported, which takes an AsyncLocalStorage for each; import it before the server listens.
 *
 * @example
 * ```ts
 * const user = currentCall()?.context.get(userKey);
 * await weather.now(place, { parent: currentCall() });
 * ```
 */
export function currentCall(): ServerCall | undefined {
  return calls.getStore();
}
