import { soon } from "../../core/turn.js";
import type { Endpoint, SocketAddress, Subchannel, SubchannelListener } from "../../transport/routing.js";
import type { ConnectivityState } from "../../transport/transport.js";
import type { PolicyClock } from "../clock.js";
import { failuresOf } from "./failures.js";
import type { LoadBalancer } from "./load-balancer.js";
import { pickFirst } from "./pick-first.js";
import { WrappedSubchannel } from "./wrapped-subchannel.js";

/** What the connections to one server have of their channel. */
export interface EndpointHost {
  createSubchannel(address: SocketAddress, listener: SubchannelListener): Subchannel;
  readonly clock: PolicyClock;
}

/**
 * One server of several addresses: connects as `pick_first` does, with Happy Eyeballs, and to its policy is one subchannel, whichever
 * address answers (gRFC A61, "Use pick_first as the Universal Leaf Policy").
 */
export class EndpointSubchannel extends WrappedSubchannel {
  readonly #endpoint: Endpoint;
  readonly #listener: SubchannelListener;
  readonly #policy: LoadBalancer;
  readonly #all = new Set<Subchannel>();
  #state: ConnectivityState = "idle";
  #begun = false;
  /** Within {@link connect}, from where the listener is not called. */
  #connecting = false;

  constructor(host: EndpointHost, endpoint: Endpoint, listener: SubchannelListener) {
    super();
    this.#endpoint = endpoint;
    this.#listener = listener;
    const { onCallEnd } = listener;
    const heard: Partial<SubchannelListener> =
      onCallEnd === undefined ? {} : { onCallEnd: (_, code) => onCallEnd.call(listener, this, code) };
    this.#policy = pickFirst()({
      createSubchannel: (address, { onState }) => {
        for (const old of this.#all) if (old.state === "shutdown" && old.openCalls === 0) this.#all.delete(old);
        const subchannel = host.createSubchannel(address as SocketAddress, { onState, ...heard }); // pick_first has no others
        this.#all.add(subchannel);
        return subchannel;
      },
      update: (state) => this.#update(state),
      // Its policy asks when it hears of the state.
      requestResolution: () => {},
      clock: host.clock,
      random: () => 0,
    });
  }

  /** Where calls go while it is ready: `pick_first` has closed the others. */
  get inner(): Subchannel {
    const all = [...this.#all];
    return all.find(({ state }) => state === "ready") ?? all[0]!; // there is one from the first `connect` on
  }

  get state(): ConnectivityState {
    return this.#state;
  }

  override get address(): Endpoint {
    return this.#endpoint;
  }

  override get lastFailure(): string {
    return failuresOf(this.#all);
  }

  override get openCalls(): number {
    let calls = 0;
    for (const subchannel of this.#all) calls += subchannel.openCalls;
    return calls;
  }

  override connect(): void {
    if (this.#state !== "idle") return;
    this.#connecting = true;
    if (this.#begun) this.#policy.connect();
    else {
      this.#begun = true;
      this.#policy.updateAddresses([this.#endpoint]);
    }
    this.#connecting = false;
  }

  override resetBackoff(): void {
    this.#policy.resetBackoff();
  }

  override close(): void {
    this.#state = "shutdown";
    this.#policy.close();
  }

  #update(state: ConnectivityState): void {
    if (this.#state === "shutdown") return;
    this.#state = state;
    if (this.#connecting) soon(tell, this);
    else this.tell();
  }

  /** @internal */
  tell(): void {
    if (this.#state !== "shutdown") this.#listener.onState(this);
  }
}

function tell(subchannel: EndpointSubchannel): void {
  subchannel.tell();
}
