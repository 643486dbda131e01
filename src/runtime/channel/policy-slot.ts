import type { Address, Picker, RouterHost, Subchannel, SubchannelListener } from "../transport/routing.js";
import type { ConnectivityState } from "../transport/transport.js";
import { EndpointSubchannel } from "./balancer/endpoint-subchannel.js";
import { failuresOf } from "./balancer/failures.js";
import { type LoadBalancer, type LoadBalancerFactory, type LoadBalancerHost, WAIT } from "./balancer/load-balancer.js";
import { unwrapping } from "./balancer/wrapped-subchannel.js";

/** What a slot has of its router. */
export interface SlotHost extends Pick<LoadBalancerHost, "clock" | "random" | "requestResolution"> {
  createSubchannel: RouterHost["createSubchannel"];
  guarded(run: () => void): void;
  changed(slot: PolicySlot): void;
}

/** One policy, and what it said last. */
export class PolicySlot {
  readonly policy: LoadBalancer;
  state: Exclude<ConnectivityState, "shutdown"> = "connecting";
  picker: Picker = WAIT;
  readonly #subchannels = new Set<Subchannel>();
  #hasEndpoints = false;
  /** How many there are when those that are closed are forgotten next. */
  #sweepAt = 16;

  constructor(factory: LoadBalancerFactory, host: SlotHost) {
    this.policy = factory({
      clock: host.clock,
      random: host.random,
      requestResolution: host.requestResolution,
      createSubchannel: (address, listener) => this.#create(address, listener, host),
      update: (state, picker) => {
        this.state = state;
        this.picker = this.#hasEndpoints ? unwrapping(picker) : picker;
        host.changed(this);
      },
    });
  }

  /** Why its servers cannot be reached, for people. */
  get failure(): string {
    return failuresOf(this.#subchannels);
  }

  #create(address: Address, listener: SubchannelListener, host: SlotHost): Subchannel {
    const subchannel = this.#of(address, guarded(listener, host), host);
    this.#subchannels.add(subchannel);
    if (this.#subchannels.size >= this.#sweepAt) this.#sweep();
    return subchannel;
  }

  #sweep(): void {
    for (const old of this.#subchannels) if (old.state === "shutdown") this.#subchannels.delete(old);
    this.#sweepAt = 2 * this.#subchannels.size + 16;
  }

  #of(address: Address, listener: SubchannelListener, host: SlotHost): Subchannel {
    if (!("addresses" in address)) return host.createSubchannel(address, listener);
    this.#hasEndpoints = true;
    return new EndpointSubchannel(host, address, listener);
  }
}

/** Wraps the listener so that its errors do not reach the caller. */
function guarded(listener: SubchannelListener, host: SlotHost): SubchannelListener {
  const { onCallEnd } = listener;
  return {
    onState: (changed) => host.guarded(() => listener.onState(changed)),
    ...(onCallEnd === undefined
      ? {}
      : { onCallEnd: (of, code) => host.guarded(() => onCallEnd.call(listener, of, code)) }),
  };
}
