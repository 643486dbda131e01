import type { ClientInterceptor } from "../call/client/interceptor.js";
import type { ServerInterceptor } from "../call/server/interceptor.js";
import { RpcError } from "../core/rpc-error.js";
import { status } from "../core/status.js";

/**
 * Gives a deadline to every call that has none, so that no caller waits forever. The call then ends with DEADLINE_EXCEEDED.
 * @param ms milliseconds from the start of the call
 */
export function deadlineDefault(ms: number): ClientInterceptor {
  if (!(ms > 0)) throw new TypeError(`deadlineDefault takes milliseconds, not ${ms}`);
  return async (call, next) => {
    if (call.timeoutMs === Number.POSITIVE_INFINITY) call.timeoutMs = ms;
    await next();
  };
}

/** Options of {@link requireDeadline}. */
export interface RequireDeadlineOptions {
  /** Paths of methods that need none, as `/package.Service/Method`: subscriptions, for example. */
  readonly except?: Iterable<string> | undefined;
}

/** Refuses calls without a deadline with INVALID_ARGUMENT: otherwise a call could hold resources forever after its client is gone. */
export function requireDeadline(options: RequireDeadlineOptions = {}): ServerInterceptor {
  const except = new Set(options.except);
  return async (call, next) => {
    if (call.deadline === undefined && !except.has(call.method.path)) {
      throw new RpcError(
        status.INVALID_ARGUMENT,
        `${call.method.path} needs a deadline (grpc-timeout), and the call has none`,
      );
    }
    await next();
  };
}
