import { Deferred } from "../../core/deferred.js";
import { RpcError } from "../../core/rpc-error.js";
import { status } from "../../core/status.js";
import type { ServerInterceptor, ServerMessageHooks } from "./interceptor.js";
import type { ServerCall } from "./types.js";

/** The interceptors around one call, and what goes between them and its handler. */
export class Interception {
  readonly #interceptors: readonly ServerInterceptor[];
  readonly #hooks: ServerMessageHooks[] = [];
  /** How the call ended below the interceptors. */
  readonly #outcome = new Deferred<void>();

  constructor(interceptors: readonly ServerInterceptor[]) {
    this.#interceptors = interceptors;
  }

  /** Runs the interceptors, with `begin` as their innermost. Rejects with what the call is to end with; resolves for OK. */
  run(call: ServerCall, begin: () => void): Promise<void> {
    return this.#runFrom(0, call, begin);
  }

  /** The call ended below the interceptors: with OK, or with this error. Only the first word counts. */
  ended(failure: { readonly error: unknown } | undefined): void {
    if (failure === undefined) this.#outcome.resolve();
    else this.#outcome.reject(failure.error);
  }

  /** A request on its way to the handler: the outermost interceptor sees it first. */
  received<Message>(message: Message): Message {
    let seen = message;
    for (const hooks of this.#hooks) seen = (hooks.received?.(seen) as Message | undefined) ?? seen; // replaced by its like
    return seen;
  }

  /** A response on its way to the client: the outermost interceptor sees it last. */
  sent<Message>(message: Message): Message {
    let seen = message;
    for (const hooks of this.#hooks.toReversed()) seen = (hooks.sent?.(seen) as Message | undefined) ?? seen; // as above
    return seen;
  }

  async #runFrom(index: number, call: ServerCall, begin: () => void): Promise<void> {
    const interceptor = this.#interceptors[index];
    if (interceptor === undefined) {
      begin();
      await this.#outcome.promise;
      return;
    }
    let below: Promise<void> | undefined;
    const next = (hooks: ServerMessageHooks = {}): Promise<void> => {
      if (below !== undefined) throw new TypeError("next() was called a second time");
      this.#hooks.push(hooks);
      below = this.#runFrom(index + 1, call, begin);
      below.catch(() => {}); // an interceptor need not await it; it is awaited below
      return below;
    };
    await interceptor(call, next);
    if (below === undefined)
      throw new RpcError(status.INTERNAL, "an interceptor neither called next() nor refused the call");
    await below;
  }
}
