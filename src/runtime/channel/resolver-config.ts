import { Deferred } from "../core/deferred.js";
import type { ResolverFactory } from "./resolver/resolver.js";

/** What a channel's resolver says of service configs: nothing at first, then the config that came last, or none. */
export class ResolverConfig {
  readonly #known = new Deferred<void>();
  /** JSON, as the resolver gave it. Undefined for none. */
  current: unknown;

  /** Resolves when the resolver has said something, were it an error: what calls wait for that need to know their config. */
  get known(): Promise<void> {
    return this.#known.promise;
  }

  /** The same resolver, heard here too, before the channel acts on what it says. */
  watch(resolver: ResolverFactory): ResolverFactory {
    return (name, listener) =>
      resolver(name, {
        onResult: (result) => {
          this.current = result.serviceConfig;
          this.#known.resolve();
          listener.onResult(result);
        },
        onError: (reason) => {
          this.#known.resolve();
          listener.onError(reason);
        },
      });
  }
}
