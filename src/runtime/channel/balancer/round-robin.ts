import type { LoadBalancerFactory } from "./load-balancer.js";
import { readySet } from "./ready-set.js";

/** Each call goes to the next server that is ready; the first is one of chance, so that clients do not all begin with the same. */
export function roundRobin(): LoadBalancerFactory {
  return readySet((ready, { random }) => {
    let next = Math.floor(random() * ready.length);
    return {
      pick() {
        next = next + 1 >= ready.length ? 0 : next + 1;
        return ready[next]?.subchannel;
      },
    };
  });
}
