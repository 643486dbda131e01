import { type ContextRunner, captureContext } from "../../core/async-context.js";
import { Deferred } from "../../core/deferred.js";
import { RpcError } from "../../core/rpc-error.js";
import { status } from "../../core/status.js";
import type { ReceivedMessages } from "../../transport/transport.js";
import { HookedMessages } from "../hooked-messages.js";
import type { ServerInterceptor, ServerMessageHooks } from "./interceptor.js";
import type { ServerCall } from "./types.js";

/** The interceptors around one call, and what goes between them and its handler. */
export class Interception {
  readonly #interceptors: readonly ServerInterceptor[];
  readonly #hooks: ServerMessageHooks[] = [];
  /** How the call ended below the interceptors. */
  readonly #outcome = new Deferred<void>();
  /** The asynchronous context in which the innermost interceptor called `next()`. */
  #context: ContextRunner | undefined;

  constructor(interceptors: readonly ServerInterceptor[]) {
    this.#interceptors = interceptors;
  }

  /** Runs the interceptors, with `begin` as their innermost. Rejects with what the call is to end with; resolves for OK. */
  run(call: ServerCall, begin: () => void): Promise<void> {
    return this.#runFrom(0, call, begin);
  }

  /** Runs the handler, once the interceptors have let the call go on: in the context that they made for it. */
  within(run: () => void): void {
    if (this.#context === undefined) run();
    else this.#context(run);
  }

  /** The call ended below the interceptors: with OK, or with this error. Only the first call of this method has an effect. */
  ended(failure: { readonly error: unknown } | undefined): void {
    if (failure === undefined) this.#outcome.resolve();
    else this.#outcome.reject(failure.error);
  }

  /** The requests as they come to the handler: the outermost interceptor sees each first. */
  hooked<Message>(requests: ReceivedMessages<Message>): ReceivedMessages<Message> {
    const hooked = new HookedMessages<Message>((message) => {
      let seen = message;
      for (const hooks of this.#hooks) seen = (hooks.received?.(seen) as Message | undefined) ?? seen; // replaced by its like
      return seen;
    });
    hooked.source = requests;
    return hooked;
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
      this.#context = captureContext();
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
