import { inCleanContext } from "../core/async-context.js";
import { messageOf, RpcError } from "../core/rpc-error.js";
import { status } from "../core/status.js";
import type { PickedCall, PickResult, Router, RouterFactory, RouterHost } from "../transport/routing.js";
import type { ConnectivityState } from "../transport/transport.js";

/** A router whose code is loaded when the first call needs it: a client of one address has nothing of it. */
export function lazyRouter(load: () => Promise<RouterFactory>): RouterFactory {
  return (host) => new LazyRouter(host, load);
}

class LazyRouter implements Router {
  readonly #host: RouterHost;
  readonly #load: () => Promise<RouterFactory>;
  #router: Router | undefined;
  #loading = false;
  #closed = false;
  /** For good: a module that cannot be loaded is not there. */
  #failure: RpcError | undefined;

  constructor(host: RouterHost, load: () => Promise<RouterFactory>) {
    this.#host = host;
    this.#load = load;
  }

  get state(): ConnectivityState {
    if (this.#failure !== undefined) return "transient_failure";
    return this.#router?.state ?? (this.#loading ? "connecting" : "idle");
  }

  get waitingFor(): string {
    return this.#router?.waitingFor ?? "the code of load balancing to be loaded";
  }

  pick(call: PickedCall): PickResult {
    if (this.#router !== undefined) return this.#router.pick(call);
    this.connect();
    return this.#failure;
  }

  connect(): void {
    if (this.#router !== undefined) this.#router.connect();
    else if (!this.#loading && this.#failure === undefined) {
      this.#loading = true;
      void inCleanContext(() => this.#begin());
      this.#host.onChange();
    }
  }

  resetBackoff(): void {
    this.#router?.resetBackoff();
  }

  rest(): void {
    this.#router?.rest();
  }

  close(): void {
    this.#closed = true;
    this.#router?.close();
  }

  async #begin(): Promise<void> {
    try {
      const factory = await this.#load();
      if (this.#closed) return;
      this.#router = factory(this.#host);
      this.#router.connect();
    } catch (cause) {
      this.#failure = new RpcError(status.INTERNAL, `load balancing cannot be loaded: ${messageOf(cause)}`, { cause });
    }
    this.#loading = false;
    this.#host.onChange();
  }
}
