import type { LoadBalancerFactory } from "./load-balancer.js";
import { readySet } from "./ready-set.js";

/** What {@link leastRequest} may be told. */
export interface LeastRequestOptions {
  /** How many servers are looked at for each call, 2 to 10. Default 2. */
  readonly choiceCount?: number | undefined;
}

/**
 * Each call goes to the one of some servers of chance that has the fewest open calls (gRFC A48): calls that stay open, as subscriptions
 * do, are spread evenly, which taking turns does not do once servers come and go.
 */
export function leastRequest({ choiceCount = 2 }: LeastRequestOptions = {}): LoadBalancerFactory {
  if (!Number.isInteger(choiceCount) || choiceCount < 2) {
    throw new TypeError(`choiceCount must be a whole number from 2 on: ${choiceCount}`);
  }
  const choices = Math.min(choiceCount, 10); // as gRFC A48 has it
  return readySet((ready, { random }) => ({
    pick() {
      let best = ready[Math.floor(random() * ready.length)]?.subchannel;
      for (let more = 1; more < choices; more++) {
        const other = ready[Math.floor(random() * ready.length)]?.subchannel;
        if (best === undefined || (other !== undefined && other.openCalls < best.openCalls)) best = other;
      }
      return best;
    },
  }));
}
