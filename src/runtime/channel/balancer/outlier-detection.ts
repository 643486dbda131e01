import { status } from "../../core/status.js";
import { type Address, addressName, type Subchannel, type SubchannelListener } from "../../transport/routing.js";
import type { ConnectivityState } from "../../transport/transport.js";
import type { LoadBalancer, LoadBalancerFactory, LoadBalancerHost } from "./load-balancer.js";
import { type OutlierDetectionOptions, type OutlierRules, resolveOutlierOptions } from "./outlier-options.js";
import { byFailures, bySuccessRate } from "./outlier-rules.js";
import { unwrapping, WrappedSubchannel } from "./wrapped-subchannel.js";

/** The policy without servers whose calls fail while those of others do not, each for a while (gRFC A50). */
export function withOutlierDetection(
  child: LoadBalancerFactory,
  options: OutlierDetectionOptions,
): LoadBalancerFactory {
  const rules = resolveOutlierOptions(options);
  return (host) => new OutlierDetection(host, child, rules);
}

/** One address, as long as the resolver names it: connections come and go. */
interface Server {
  succeeded: number;
  failed: number;
  /** When it was ejected, on the clock; undefined while it is not. */
  ejectedAt: number | undefined;
  /** How often in a row, less one for each interval in which it was not. */
  multiplier: number;
  readonly subchannels: Set<WatchedSubchannel>;
}

class OutlierDetection implements LoadBalancer {
  readonly #host: LoadBalancerHost;
  readonly #rules: OutlierRules;
  readonly #child: LoadBalancer;
  readonly #servers = new Map<string, Server>();
  #cancelTimer: (() => void) | undefined;

  constructor(host: LoadBalancerHost, child: LoadBalancerFactory, rules: OutlierRules) {
    this.#host = host;
    this.#rules = rules;
    this.#child = child({
      createSubchannel: (address, listener) => this.#create(address, listener),
      update: (state, picker) => host.update(state, unwrapping(picker)),
      requestResolution: () => host.requestResolution(),
      clock: host.clock,
      random: host.random,
    });
    this.#arm();
  }

  updateAddresses(addresses: readonly Address[]): void {
    const names = new Set(addresses.map(addressName));
    for (const name of names) if (!this.#servers.has(name)) this.#servers.set(name, newServer());
    for (const name of this.#servers.keys()) if (!names.has(name)) this.#servers.delete(name);
    this.#child.updateAddresses(addresses);
  }

  connect(): void {
    this.#child.connect();
  }

  resetBackoff(): void {
    this.#child.resetBackoff();
  }

  close(): void {
    this.#cancelTimer?.();
    this.#child.close();
  }

  #create(address: Address, listener: SubchannelListener): WatchedSubchannel {
    const server = this.#servers.get(addressName(address)) ?? newServer();
    const subchannel = new WatchedSubchannel(this.#host, address, listener, server);
    server.subchannels.add(subchannel);
    return subchannel;
  }

  #arm(): void {
    this.#cancelTimer = this.#host.clock.after(this.#rules.intervalMs, () => {
      this.#arm();
      this.#look();
    });
  }

  /** Once an interval. */
  #look(): void {
    const servers = [...this.#servers.values()];
    const counts = servers.map(({ succeeded, failed }) => ({ succeeded, failed }));
    for (const server of servers) {
      server.succeeded = 0;
      server.failed = 0;
    }
    const { successRate, failurePercentage } = this.#rules;
    if (successRate !== undefined) {
      for (const index of bySuccessRate(counts, successRate)) {
        this.#ejectPerhaps(servers[index]!, successRate.enforcementPercentage);
      }
    }
    if (failurePercentage !== undefined) {
      for (const index of byFailures(counts, failurePercentage)) {
        this.#ejectPerhaps(servers[index]!, failurePercentage.enforcementPercentage);
      }
    }
    for (const server of servers) this.#restorePerhaps(server);
  }

  #ejectPerhaps(server: Server, chance: number): void {
    const all = [...this.#servers.values()];
    const ejected = all.filter(({ ejectedAt }) => ejectedAt !== undefined).length;
    if (server.ejectedAt !== undefined || (100 * ejected) / all.length >= this.#rules.maxEjectionPercent) return;
    if (this.#host.random() * 100 >= chance) return;
    server.ejectedAt = this.#host.clock.now();
    server.multiplier++;
    for (const subchannel of server.subchannels) subchannel.setEjected(true);
  }

  #restorePerhaps(server: Server): void {
    if (server.ejectedAt === undefined) {
      if (server.multiplier > 0) server.multiplier--;
      return;
    }
    const { baseEjectionTimeMs, maxEjectionTimeMs } = this.#rules;
    const longest = Math.max(baseEjectionTimeMs, maxEjectionTimeMs);
    const until = server.ejectedAt + Math.min(baseEjectionTimeMs * server.multiplier, longest);
    if (this.#host.clock.now() < until) return;
    server.ejectedAt = undefined;
    for (const subchannel of server.subchannels) subchannel.setEjected(false);
  }
}

function newServer(): Server {
  return { succeeded: 0, failed: 0, ejectedAt: undefined, multiplier: 0, subchannels: new Set() };
}

class WatchedSubchannel extends WrappedSubchannel {
  readonly inner: Subchannel;
  readonly #server: Server;
  readonly #listener: SubchannelListener;
  #ejected: boolean;

  constructor(host: LoadBalancerHost, address: Address, listener: SubchannelListener, server: Server) {
    super();
    this.#server = server;
    this.#listener = listener;
    this.#ejected = server.ejectedAt !== undefined;
    this.inner = host.createSubchannel(address, {
      onState: () => {
        // While it is ejected, its connection's comings and goings are not the policy's concern, but that it is to connect again.
        if (!this.#ejected) listener.onState(this);
        else if (this.inner.state === "idle") this.inner.connect();
      },
      onCallEnd: (_, code) => {
        // A cancel by the caller, the usual end of a subscription, is no failure of the server; gRFC A50 leaves this open.
        if (code === status.OK) server.succeeded++;
        else if (code !== status.CANCELLED) server.failed++;
        listener.onCallEnd?.(this, code);
      },
    });
  }

  get state(): ConnectivityState {
    const { state } = this.inner;
    return this.#ejected && state !== "shutdown" ? "transient_failure" : state;
  }

  override get lastFailure(): string {
    return this.#ejected ? "the server is ejected: too many of its calls failed" : this.inner.lastFailure;
  }

  override close(): void {
    this.#server.subchannels.delete(this);
    super.close();
  }

  setEjected(ejected: boolean): void {
    if (this.#ejected === ejected) return;
    this.#ejected = ejected;
    this.#listener.onState(this);
  }
}
