import { CHANNEL_CLOSED } from "../core/closed-channel.js";
import * as events from "../core/diagnostics.js";
import { messageOf, RpcError } from "../core/rpc-error.js";
import { status } from "../core/status.js";
import {
  addressName,
  type PickedCall,
  type Picker,
  type PickResult,
  type Router,
  type RouterFactory,
  type RouterHost,
  socketAddresses,
} from "../transport/routing.js";
import type { ConnectivityState } from "../transport/transport.js";
import { withoutDuplicates } from "./balancer/address-order.js";
import { failing, type LoadBalancerFactory, WAIT } from "./balancer/load-balancer.js";
import { type PolicyClock, systemClock } from "./clock.js";
import { PolicySlot, type SlotHost } from "./policy-slot.js";
import type { Resolver, ResolverFactory, ResolverResult } from "./resolver/resolver.js";

/** What a router is made of. */
export interface RouterParts {
  /** The target, as it was given. */
  readonly name: string;
  readonly resolver: ResolverFactory;
  /** The policy; asked again when the resolver says another service config. Throws for one that cannot be. */
  readonly policy: (serviceConfig: unknown) => LoadBalancerFactory;
  readonly clock?: PolicyClock | undefined;
  readonly random?: (() => number) | undefined;
}

/** A wait before what a user's code threw in is tried again. */
const RESTART_MS = 1000;

/** Connects a resolver and a policy: servers that the one finds, the other chooses from. Both begin with the first call. */
export function router(parts: RouterParts): RouterFactory {
  return (host) => new ChannelRouter(host, parts);
}

class ChannelRouter implements Router {
  readonly #host: RouterHost;
  readonly #parts: RouterParts;
  readonly #clock: PolicyClock;
  state: Exclude<ConnectivityState, "shutdown"> = "idle";
  #picker: Picker = WAIT;
  #started = false;
  /** Which resolver is heard. */
  #run = 0;
  #closed = false;
  #resolver: Resolver | undefined;
  #balancer: PolicySlot | undefined;
  /** A policy that is to follow, once it has found a server. */
  #next: PolicySlot | undefined;
  #serviceConfig = "";
  #cancelRestart: (() => void) | undefined;

  constructor(host: RouterHost, parts: RouterParts) {
    this.#host = host;
    this.#parts = parts;
    this.#clock = parts.clock ?? systemClock;
  }

  get waitingFor(): string {
    const { name } = this.#parts;
    if (this.#balancer === undefined) return `the addresses of ${name}`;
    const last = this.#balancer.failure === "" ? "" : ` (the last attempts: ${this.#balancer.failure})`;
    return `a connection to a server of ${name}${last}`;
  }

  pick(call: PickedCall): PickResult {
    if (!this.#started && !this.#closed) this.connect();
    return this.#picker.pick(call);
  }

  connect(): void {
    if (this.#started) {
      this.#guarded(() => this.#balancer?.policy.connect());
      return;
    }
    this.#started = true;
    this.#update("connecting", WAIT);
    this.#guarded(() => {
      const run = ++this.#run;
      // Events of a closed policy are ignored.
      const heard = (tell: () => void): void => {
        if (this.#started && this.#run === run) tell();
      };
      const resolver = this.#parts.resolver(this.#parts.name, {
        onResult: (result) => heard(() => this.#onResult(result)),
        onError: (reason) => heard(() => this.#onError(reason)),
      });
      if (this.#started && this.#run === run) this.#resolver = resolver;
      else resolver.close();
    });
  }

  resetBackoff(): void {
    this.#resolver?.refresh?.();
    for (const slot of [this.#balancer, this.#next]) this.#guarded(() => slot?.policy.resetBackoff());
  }

  rest(): void {
    this.#stop();
    this.#update("idle", WAIT);
  }

  close(): void {
    this.#closed = true;
    this.#picker = failing(CHANNEL_CLOSED);
    this.#stop();
  }

  #onResult(result: ResolverResult): void {
    this.#guarded(() => this.#use(result));
  }

  #use({ addresses: all, serviceConfig }: ResolverResult): void {
    const addresses = all.filter((address) => socketAddresses(address).length > 0);
    if (events.resolution.hasSubscribers) {
      events.resolution.publish({ target: this.#parts.name, addresses: addresses.map(addressName) });
    }
    if (addresses.length === 0) {
      this.#closePolicies();
      this.#update("transient_failure", failing(`${this.#parts.name} has no addresses`));
      return;
    }
    this.#policyFor(serviceConfig)?.policy.updateAddresses(withoutDuplicates(addresses));
  }

  #onError(reason: string): void {
    if (events.resolution.hasSubscribers) {
      events.resolution.publish({ target: this.#parts.name, addresses: undefined, error: reason });
    }
    if (this.#balancer !== undefined) return;
    this.#update("transient_failure", failing(`cannot find the addresses of ${this.#parts.name}: ${reason}`));
  }

  /** The policy of this service config: the one that there is, or one that is to follow it. */
  #policyFor(serviceConfig: unknown): PolicySlot | undefined {
    const text = JSON.stringify(serviceConfig) ?? "";
    const current = this.#next ?? this.#balancer;
    if (current !== undefined && text === this.#serviceConfig) return current;
    let factory: LoadBalancerFactory;
    try {
      factory = this.#parts.policy(serviceConfig);
    } catch (error) {
      // A bad config that follows a good one changes nothing (gRFC A2).
      if (current !== undefined) return current;
      this.#update(
        "transient_failure",
        failing(`the service config of ${this.#parts.name} is wrong: ${messageOf(error)}`),
      );
      return undefined;
    }
    this.#serviceConfig = text;
    this.#next?.policy.close();
    const slot = new PolicySlot(factory, this.#slotHost());
    if (this.#balancer === undefined) this.#balancer = slot;
    else this.#next = slot;
    return slot;
  }

  #slotHost(): SlotHost {
    return {
      clock: this.#clock,
      random: this.#parts.random ?? Math.random,
      createSubchannel: (address, listener) => this.#host.createSubchannel(address, listener),
      requestResolution: () => this.#guarded(() => this.#resolver?.refresh?.()),
      guarded: (run) => this.#guarded(run),
      changed: (slot) => this.#onPolicy(slot),
    };
  }

  #onPolicy(slot: PolicySlot): void {
    if (slot === this.#next) {
      const waits = slot.state === "connecting" || slot.state === "idle";
      if (waits && this.#balancer?.state === "ready") return;
      this.#promote(slot);
    } else if (this.#next !== undefined && slot.state !== "ready") {
      this.#promote(this.#next);
    } else if (slot === this.#balancer || this.#balancer === undefined) {
      this.#update(slot.state, slot.picker);
    }
  }

  #promote(slot: PolicySlot): void {
    const before = this.#balancer;
    this.#balancer = slot;
    this.#next = undefined;
    this.#update(slot.state, slot.picker);
    this.#guarded(() => before?.policy.close());
  }

  #update(state: Exclude<ConnectivityState, "shutdown">, picker: Picker): void {
    this.state = state;
    this.#picker = picker;
    this.#host.onChange();
  }

  /** What a resolver or a policy of the user's throws ends calls, not the process (P20); after a while both begin anew. */
  #guarded(run: () => void): void {
    try {
      run();
    } catch (error) {
      const details = `the resolver or the load balancer threw: ${messageOf(error)}`;
      const failure = error instanceof RpcError ? error : new RpcError(status.INTERNAL, details);
      this.#update("transient_failure", { pick: () => failure });
      this.#cancelRestart ??= this.#clock.after(RESTART_MS, () => {
        this.rest();
        this.connect();
      });
    }
  }

  #stop(): void {
    this.#started = false;
    this.#cancelRestart?.();
    this.#cancelRestart = undefined;
    try {
      this.#resolver?.close();
    } catch {
      // It is to be gone, and is.
    }
    this.#resolver = undefined;
    this.#closePolicies();
  }

  #closePolicies(): void {
    for (const slot of [this.#next, this.#balancer]) {
      try {
        slot?.policy.close();
      } catch {
        // As above.
      }
    }
    this.#next = undefined;
    this.#balancer = undefined;
    this.#serviceConfig = "";
  }
}
