import type { Environment } from "../environment.js";
import { BdpEstimator } from "./bdp-estimator.js";
import type { Receiver } from "./receiver.js";

/** The connection, as the growth of its windows sees it. */
export interface GrowthOwner {
  readonly environment: Environment;
  readonly options: { readonly initialWindowSize: number; readonly maxWindowSize: number };
  readonly pings: { send(callback: (rtt: number) => void): void };
  readonly receiver: Receiver;
}

/** Widens the windows of what is received while the peer fills them: samples by PING, and tells the receiver. */
export class WindowGrowth {
  readonly #connection: GrowthOwner;
  readonly #estimator: BdpEstimator;

  constructor(connection: GrowthOwner) {
    this.#connection = connection;
    this.#estimator = new BdpEstimator(connection.options.initialWindowSize, connection.options.maxWindowSize);
  }

  /** DATA came. */
  received(bytes: number): void {
    if (this.#estimator.received(bytes)) this.#sample();
  }

  #sample(): void {
    const { environment, pings, receiver } = this.#connection;
    this.#estimator.sent(environment.now());
    pings.send(() => {
      const window = this.#estimator.answered(environment.now());
      if (window === 0) return;
      receiver.streamWindow = Math.max(receiver.streamWindow, window);
      receiver.resize(2 * window);
    });
  }
}
