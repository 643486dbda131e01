import {
  type Address,
  addressName,
  type SocketAddress,
  type Subchannel,
  socketAddresses,
} from "../../transport/routing.js";
import { interleaved, shuffled, withoutDuplicates } from "./address-order.js";
import { failuresOf } from "./failures.js";
import {
  always,
  failing,
  type LoadBalancer,
  type LoadBalancerFactory,
  type LoadBalancerHost,
  WAIT,
} from "./load-balancer.js";

/** What {@link pickFirst} may be told. */
export interface PickFirstOptions {
  /** Try the servers in an order of chance, by their weights, so that clients do not all choose the same (gRFC A62, A113). Default false. */
  readonly shuffle?: boolean | undefined;
}

/** How long one attempt to connect is waited for before the next address is tried beside it (RFC 8305; gRFC A61). */
const ATTEMPT_DELAY_MS = 250;

/**
 * All calls go to one server: the first that can be reached. Attempts overlap, one begun every 250 ms, families of addresses in turn
 * (Happy Eyeballs, gRFC A61). Once all have failed, calls fail until one can be reached, and the attempts go on (A62).
 */
export function pickFirst({ shuffle = false }: PickFirstOptions = {}): LoadBalancerFactory {
  return (host) => new PickFirst(host, shuffle);
}

/** One address, while a server is being looked for. */
interface Candidate {
  readonly subchannel: Subchannel;
  /** Whether it failed since the search began. */
  failed: boolean;
}

class PickFirst implements LoadBalancer {
  readonly #host: LoadBalancerHost;
  readonly #shuffle: boolean;
  #addresses: readonly SocketAddress[] = [];
  #candidates: Candidate[] = [];
  /** The candidate that is being tried; past the last one all have been. */
  #index = 0;
  /** Whether all have failed once: calls fail until one is ready. */
  #exhausted = false;
  /** Failures since then. */
  #failures = 0;
  #selected: Subchannel | undefined;
  #idle = false;
  #cancelTimer: (() => void) | undefined;

  constructor(host: LoadBalancerHost, shuffle: boolean) {
    this.#host = host;
    this.#shuffle = shuffle;
  }

  updateAddresses(addresses: readonly Address[]): void {
    // Servers are shuffled, not the addresses of one; families take turns over all of them (A61).
    const ordered = this.#shuffle ? shuffled(addresses, this.#host.random) : addresses;
    this.#addresses = interleaved(withoutDuplicates(ordered.flatMap(socketAddresses)));
    if (this.#idle) return;
    const names = new Set(this.#addresses.map(addressName));
    if (this.#selected !== undefined) {
      if (names.has(addressName(this.#selected.address))) return;
      this.#selected = undefined;
    }
    this.#search();
  }

  connect(): void {
    if (!this.#idle) return;
    this.#idle = false;
    this.#search();
  }

  resetBackoff(): void {
    for (const { subchannel } of this.#candidates) subchannel.resetBackoff();
  }

  close(): void {
    this.#stopTimer();
    for (const { subchannel } of this.#candidates) subchannel.close();
    this.#candidates = [];
  }

  /** Begins with the first address; what is open or waits already is kept. */
  #search(): void {
    const known = new Map(this.#candidates.map(({ subchannel }) => [addressName(subchannel.address), subchannel]));
    this.#candidates = this.#addresses.map((address) => {
      const name = addressName(address);
      const subchannel = known.get(name) ?? this.#host.createSubchannel(address, { onState: this.#onState });
      known.delete(name);
      return { subchannel, failed: false };
    });
    for (const subchannel of known.values()) subchannel.close();
    this.#index = 0;
    if (!this.#exhausted) this.#host.update("connecting", WAIT);
    this.#tryOn();
  }

  /** Tries the candidate that it is at, or the next that can be. */
  #tryOn(): void {
    this.#stopTimer();
    for (; this.#index < this.#candidates.length; this.#index++) {
      const candidate = this.#candidates[this.#index]!; // within
      switch (candidate.subchannel.state) {
        case "ready":
          this.#select(candidate.subchannel);
          return;
        case "transient_failure":
          candidate.failed = true;
          continue;
        case "idle":
          if (candidate.failed) continue;
          candidate.subchannel.connect();
          this.#startTimer();
          return;
        default:
          this.#startTimer();
          return;
      }
    }
    this.#checkExhausted();
  }

  #startTimer(): void {
    if (this.#index + 1 >= this.#candidates.length) return;
    this.#cancelTimer = this.#host.clock.after(ATTEMPT_DELAY_MS, () => {
      this.#cancelTimer = undefined;
      this.#index++;
      this.#tryOn();
    });
  }

  #stopTimer(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  readonly #onState = (subchannel: Subchannel): void => {
    if (subchannel === this.#selected) {
      this.#onLost(subchannel);
      return;
    }
    const candidate = this.#candidates.find((one) => one.subchannel === subchannel);
    if (candidate === undefined) return;
    if (subchannel.state === "ready") this.#select(subchannel);
    else if (subchannel.state === "transient_failure") this.#onFailed(candidate);
    else if (subchannel.state === "idle" && this.#index >= this.#candidates.length) subchannel.connect();
  };

  #onFailed(candidate: Candidate): void {
    candidate.failed = true;
    if (this.#index < this.#candidates.length) {
      if (this.#candidates[this.#index] === candidate) this.#tryOn();
      return;
    }
    if (!this.#exhausted || !this.#candidates.every(({ failed }) => failed)) {
      this.#checkExhausted();
      return;
    }
    if (++this.#failures % this.#candidates.length === 0) this.#fail();
  }

  /** Once all have failed: calls fail, and each goes on trying by itself. */
  #checkExhausted(): void {
    if (this.#index < this.#candidates.length || !this.#candidates.every(({ failed }) => failed)) return;
    this.#exhausted = true;
    this.#failures = 0;
    this.#fail();
    for (const { subchannel } of this.#candidates) if (subchannel.state === "idle") subchannel.connect();
  }

  #fail(): void {
    const failure = failuresOf(this.#candidates.map(({ subchannel }) => subchannel));
    this.#host.update("transient_failure", failing(failure));
    this.#host.requestResolution();
  }

  #select(selected: Subchannel): void {
    this.#stopTimer();
    this.#selected = selected;
    this.#exhausted = false;
    const others = this.#candidates.filter(({ subchannel }) => subchannel !== selected);
    this.#candidates = [{ subchannel: selected, failed: false }];
    for (const { subchannel } of others) subchannel.close();
    this.#host.update("ready", always(selected));
  }

  /** The server went away. Where it was of use, the next call connects anew; else others are tried at once. */
  #onLost(lost: Subchannel): void {
    this.#selected = undefined;
    this.#host.requestResolution();
    if (lost.state === "transient_failure") {
      this.#search();
      return;
    }
    this.#idle = true;
    this.close();
    this.#host.update("idle", {
      pick: () => {
        this.connect();
        return undefined;
      },
    });
  }
}
