import { type Address, addressName, type Picker, type Subchannel } from "../../transport/routing.js";
import { failing, type LoadBalancer, type LoadBalancerFactory, type LoadBalancerHost, WAIT } from "./load-balancer.js";

/** A server that calls may go to. */
export interface ReadyServer {
  readonly subchannel: Subchannel;
  /** As the resolver said it last. */
  readonly address: Address;
}

/** Chooses among the servers that are ready; made anew each time they are others. */
export type ReadySetPicker = (ready: readonly ReadyServer[], host: LoadBalancerHost) => Picker;

/**
 * Policies that keep a connection to every address and spread the calls over those that are ready. While one is, calls go on; while
 * none is but one is still being tried for the first time, they wait; else they fail. A server that failed counts as failing until
 * it is ready (as gRPC's round_robin does).
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
  #members = new Map<string, Member>();
  /** What the picker was made of. */
  #ready: readonly ReadyServer[] = [];
  #state: "connecting" | "ready" | "transient_failure" | undefined;
  #failure = "";

  constructor(host: LoadBalancerHost, makePicker: ReadySetPicker) {
    this.#host = host;
    this.#makePicker = makePicker;
  }

  updateAddresses(addresses: readonly Address[]): void {
    const before = this.#members;
    this.#members = new Map();
    const added: Member[] = [];
    for (const address of addresses) {
      const name = addressName(address);
      const known = before.get(name);
      if (known !== undefined) {
        before.delete(name);
        known.address = address;
        this.#members.set(name, known);
        continue;
      }
      const subchannel = this.#host.createSubchannel(address, { onState: this.#onState });
      const member: Member = { subchannel, address, failing: false, wasReady: false };
      this.#members.set(name, member);
      added.push(member);
    }
    for (const { subchannel } of added) subchannel.connect();
    // First the choice without them, then they go: what waits at one is sent elsewhere at once.
    this.#refresh(true);
    for (const { subchannel } of before.values()) subchannel.close();
    if (before.size > 0) this.#refresh(true);
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
    this.#refresh(false);
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

  #refresh(anew: boolean): void {
    const members = [...this.#members.values()];
    const ready = members.filter(({ subchannel }) => subchannel.state === "ready");
    if (ready.length > 0) {
      const same = ready.length === this.#ready.length && ready.every((member, index) => member === this.#ready[index]);
      if (this.#state === "ready" && same && !anew) return;
      this.#state = "ready";
      this.#ready = ready;
      this.#host.update("ready", this.#pickerOf(ready));
      return;
    }
    this.#ready = [];
    if (members.some((member) => !member.failing)) {
      if (this.#state === "connecting" && !anew) return;
      this.#state = "connecting";
      this.#host.update("connecting", WAIT);
      return;
    }
    const failure = [...new Set(members.map(({ subchannel }) => subchannel.lastFailure))].join("; ");
    if (this.#state === "transient_failure" && failure === this.#failure && !anew) return;
    this.#state = "transient_failure";
    this.#failure = failure;
    this.#host.update("transient_failure", failing(failure));
  }
}
