import type { ClientInterceptor } from "../call/client/interceptor.js";
import type { ServerInterceptor } from "../call/server/interceptor.js";
import type { AnyMethod } from "../core/method.js";

/**
 * Limits an interceptor, of client or server, to some methods; calls of other methods skip it.
 *
 * @param which asked for each call, with its method: `({ path }) => !path.startsWith("/grpc.health.")`, for one
 * @example
 * ```ts
 * new Server({ interceptors: [forMethods(({ path }) => path.startsWith("/admin."), authenticate)] });
 * ```
 */
export function forMethods<Interceptor extends ClientInterceptor | ServerInterceptor>(
  which: (method: AnyMethod) => boolean,
  interceptor: Interceptor,
): Interceptor {
  const inner = interceptor as (call: unknown, next: unknown) => Promise<unknown>; // it gets those of its own side
  const chosen = async (call: { readonly method: AnyMethod }, next: () => Promise<unknown>): Promise<unknown> => {
    if (which(call.method)) return await inner(call, next);
    await next();
    return undefined;
  };
  return chosen as unknown as Interceptor; // as above
}
