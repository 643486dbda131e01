import { type Address, addressName, type Picker, type Subchannel } from "../../transport/routing.js";
import { failing, type LoadBalancer, type LoadBalancerFactory, type LoadBalancerHost, WAIT } from "./load-balancer.js";

/** A server that calls may go to. */
export interface ReadyServer {
  readonly subchannel: Subchannel;
  /** As the resolver said it last. */
  /** As the resolver said it last: it may be another later on, with another weight. */
  readonly address: Address;
}

/** Makes who chooses among the servers that are ready: anew each time they are others, and never for none. */
export type ReadySetPicker = (ready: readonly ReadyServer[], host: LoadBalancerHost) => Picker;

/**
 * Policies that keep a connection to every address and spread the calls over those that are ready. While one is, calls go on; while
 * none is but one is still being tried for the first time, they wait; else they fail. A server that failed counts as failing until
 * it is ready (as gRPC's round_robin does).
 *
 * @example
 * ```ts
 * const sticky = readySet((ready) => ({
 *   pick: ({ options }) => ready[hash(options.metadata.get("user")[0]) % ready.length]?.subchannel,
 * }));
 * ```
 */
export function readySet(makePicker: ReadySetPicker): LoadBalancerFactory {
  return (host) => new ReadySet(host, makePicker);
}

interface Member {
  readonly subchannel: Subchannel;
  address: Address;
  failing: boolean;
  wasReady: boolean;
}

class ReadySet implements LoadBalancer {
  readonly #host: LoadBalancerHost;
  readonly #makePicker: ReadySetPicker;
  readonly #members = new Map<string, Member>();
  /** What the picker was made of. */
  #ready: readonly ReadyServer[] = [];
  #state: "connecting" | "ready" | "transient_failure" | undefined;
  #failure = "";

  constructor(host: LoadBalancerHost, makePicker: ReadySetPicker) {
    this.#host = host;
    this.#makePicker = makePicker;
  }

  /** Servers that stay keep their order and their turns: names are looked up again and again, and answers come in any order. */
  updateAddresses(addresses: readonly Address[]): void {
    const wanted = new Map(addresses.map((address) => [addressName(address), address]));
    const gone: Subchannel[] = [];
    for (const [name, member] of this.#members) {
      const address = wanted.get(name);
      wanted.delete(name);
      if (address !== undefined) member.address = address;
      else {
        gone.push(member.subchannel);
        this.#members.delete(name);
      }
    }
    for (const [name, address] of wanted) {
      const subchannel = this.#host.createSubchannel(address, { onState: this.#onState });
      this.#members.set(name, { subchannel, address, failing: false, wasReady: false });
      subchannel.connect();
    }
    // The choice without those that are gone comes first: what waits at one of them is sent elsewhere at once.
    this.#refresh();
    for (const subchannel of gone) subchannel.close();
  }

  connect(): void {
    for (const { subchannel } of this.#members.values()) subchannel.connect();
  }

  resetBackoff(): void {
    for (const { subchannel } of this.#members.values()) subchannel.resetBackoff();
  }

  close(): void {
    for (const { subchannel } of this.#members.values()) subchannel.close();
    this.#members.clear();
  }

  readonly #onState = (subchannel: Subchannel): void => {
    const member = this.#members.get(addressName(subchannel.address));
    if (member?.subchannel !== subchannel) return;
    const { state } = subchannel;
    if (state === "ready") member.failing = false;
    if (state === "transient_failure") member.failing = true;
    if (state === "idle") subchannel.connect();
    if (state === "transient_failure" || (state === "idle" && member.wasReady)) this.#host.requestResolution();
    member.wasReady = state === "ready";
    this.#refresh();
  };

  /** What it throws, a weight of the user's for one, ends calls, not the process (P20). */
  #pickerOf(ready: readonly ReadyServer[]): Picker {
    try {
      return this.#makePicker(ready, this.#host);
    } catch (error) {
      return {
        pick() {
          throw error;
        },
      };
    }
  }

  #refresh(): void {
    const members = [...this.#members.values()];
    const ready = members.filter(({ subchannel }) => subchannel.state === "ready");
    if (ready.length > 0) {
      const same = ready.length === this.#ready.length && ready.every((member, index) => member === this.#ready[index]);
      if (this.#state === "ready" && same) return;
      this.#state = "ready";
      this.#ready = ready;
      this.#host.update("ready", this.#pickerOf(ready));
      return;
    }
    this.#ready = [];
    if (members.some((member) => !member.failing)) {
      if (this.#state === "connecting") return;
      this.#state = "connecting";
      this.#host.update("connecting", WAIT);
      return;
    }
    const failure = [...new Set(members.map(({ subchannel }) => subchannel.lastFailure))].join("; ");
    if (this.#state === "transient_failure" && failure === this.#failure) return;
    this.#state = "transient_failure";
    this.#failure = failure;
    this.#host.update("transient_failure", failing(failure));
  }
}
