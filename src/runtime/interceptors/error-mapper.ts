import type { ServerInterceptor } from "../call/server/interceptor.js";
import type { ServerCall } from "../call/server/types.js";
import { RpcError } from "../core/rpc-error.js";

/**
 * Turns what handlers throw into statuses, in one place: errors of a database, of validation, of other libraries.
 * @param map gives the error of the call; undefined leaves what was thrown as it is. It is not asked about RpcErrors.
 * @example
 * ```ts
 * errorMapper((error) => (error instanceof NotFound ? new RpcError(status.NOT_FOUND, error.message) : undefined));
 * ```
 */
export function errorMapper(map: (error: unknown, call: ServerCall) => RpcError | undefined): ServerInterceptor {
  return async (call, next) => {
    try {
      await next();
    } catch (error) {
      throw (error instanceof RpcError ? undefined : map(error, call)) ?? error;
    }
  };
}
