import type { Picker, PickResult, Subchannel } from "../../transport/routing.js";
import type { LoadBalancerFactory, LoadBalancerHost } from "./load-balancer.js";
import type { ReadyServer } from "./ready-server.js";
import { readySet } from "./ready-set.js";
import { StaticStride } from "./static-stride.js";

/**
 * The share of the calls that a server gets beside the others; 0 for none while any other has one. Asked when servers come and go and once a
 * second: it may say something else each time.
 */
export type WeightOf = (server: ReadyServer) => number;

const REFRESH_MS = 1000;

/** As the resolver says, which for DNS is the weight of the SRV record; 1 where it says nothing. */
const byAddress: WeightOf = ({ address }) => address.weight ?? 1;

/** Each server gets its share of the calls, spread evenly over time (static stride, gRFC A58). */
export function weighted(weightOf: WeightOf = byAddress): LoadBalancerFactory {
  if (typeof weightOf !== "function") throw new TypeError("weighted() takes a function from a server to its weight");
  return readySet(
    (ready, host) => new WeightedPicker(ready, host, weightOf),
    (server) => weightOf(server) > 0,
  );
}

class WeightedPicker implements Picker {
  readonly #ready: readonly ReadyServer[];
  readonly #host: LoadBalancerHost;
  readonly #weightOf: WeightOf;
  #stride: StaticStride;
  #until: number;

  constructor(ready: readonly ReadyServer[], host: LoadBalancerHost, weightOf: WeightOf) {
    this.#ready = ready;
    this.#host = host;
    this.#weightOf = weightOf;
    this.#stride = this.#weigh();
    this.#until = host.clock.now() + REFRESH_MS;
  }

  pick(): PickResult {
    const now = this.#host.clock.now();
    if (now >= this.#until) {
      this.#stride = this.#weigh();
      this.#until = now + REFRESH_MS;
    }
    return this.#server(this.#stride.next());
  }

  #server(index: number): Subchannel | undefined {
    return this.#ready[index]?.subchannel;
  }

  #weigh(): StaticStride {
    const weights = this.#ready.map((server) => {
      const weight = this.#weightOf(server);
      if (typeof weight === "number" && weight >= 0 && weight < Number.POSITIVE_INFINITY) return weight;
      throw new TypeError(`the weight of a server must be a number from 0 on: ${weight}`);
    });
    return new StaticStride(weights, Math.floor(this.#host.random() * weights.length));
  }
}
