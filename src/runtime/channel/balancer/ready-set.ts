import { type Address, addressName, type Picker, type Subchannel } from "../../transport/routing.js";
import { AvoidingPicker } from "./avoiding-picker.js";
import { failuresOf } from "./failures.js";
import { failing, type LoadBalancer, type LoadBalancerFactory, type LoadBalancerHost, WAIT } from "./load-balancer.js";
import type { ReadyServer } from "./ready-server.js";

/**
 * Makes the picker of the ready servers: a new one whenever the set changes, and never for an empty set. A call that is sent again
 * has one of its own, for those of them that it has not tried.
 */
export type ReadySetPicker = (ready: readonly ReadyServer[], host: LoadBalancerHost) => Picker;

/**
 * Policies that keep a connection to every address and spread the calls over those that are ready. While one is, calls go on; while
 * none is but one is still being tried for the first time, they wait; else they fail. A server that failed counts as failing until
 * it is ready (as gRPC's round_robin does). A call that is sent again, by a retry or hedging policy, goes to a server that it has not
 * tried, while such a one is ready (as with Envoy's `previous_hosts`).
 *
 * @param takes whether a server may be given calls at all; asked where a call is sent again. Default: all may
 * @example
 * ```ts
 * const sticky = readySet((ready) => ({
 *   pick: ({ options }) => ready[hash(options.metadata.get("user")[0]) % ready.length]?.subchannel,
 * }));
 * ```
 */
export function readySet(
  makePicker: ReadySetPicker,
  takes: (server: ReadyServer) => boolean = () => true,
): LoadBalancerFactory {
  return (host) => new ReadySet(host, makePicker, takes);
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
  readonly #takes: (server: ReadyServer) => boolean;
  readonly #members = new Map<string, Member>();
  /** What the picker was made of. */
  #ready: readonly ReadyServer[] = [];
  /** Members that failed, and were not ready since. */
  #failing = 0;
  #state: "connecting" | "ready" | "transient_failure" | undefined;
  #failure = "";

  constructor(host: LoadBalancerHost, makePicker: ReadySetPicker, takes: (server: ReadyServer) => boolean) {
    this.#host = host;
    this.#makePicker = makePicker;
    this.#takes = takes;
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
        this.#setFailing(member, false);
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
    const changesWhoIsReady = state === "ready" || member.wasReady;
    if (state === "ready") this.#setFailing(member, false);
    if (state === "transient_failure") this.#setFailing(member, true);
    if (state === "idle") subchannel.connect();
    if (state === "transient_failure" || (state === "idle" && member.wasReady)) this.#host.requestResolution();
    member.wasReady = state === "ready";
    // With thousands of servers, a look at all of them for each attempt to connect would cost more than the attempt.
    if (changesWhoIsReady) this.#refresh();
    else if (this.#ready.length === 0) this.#showNoneReady();
  };

  #setFailing(member: Member, failing: boolean): void {
    if (member.failing === failing) return;
    member.failing = failing;
    this.#failing += failing ? 1 : -1;
  }

  /** An error that it throws (from a user's weight function, for example) ends calls, not the process (P20). */
  #pickerOf(ready: readonly ReadyServer[]): Picker {
    try {
      const make = (servers: readonly ReadyServer[]): Picker => this.#makePicker(servers, this.#host);
      return new AvoidingPicker(make(ready), ready, this.#takes, make);
    } catch (error) {
      return {
        pick() {
          throw error;
        },
      };
    }
  }

  #refresh(): void {
    const ready: Member[] = [];
    for (const member of this.#members.values()) if (member.subchannel.state === "ready") ready.push(member);
    if (ready.length > 0) {
      const same = ready.length === this.#ready.length && ready.every((member, index) => member === this.#ready[index]);
      if (this.#state === "ready" && same) return;
      this.#state = "ready";
      this.#ready = ready;
      this.#host.update("ready", this.#pickerOf(ready));
      return;
    }
    this.#ready = [];
    this.#showNoneReady();
  }

  #showNoneReady(): void {
    if (this.#failing < this.#members.size) {
      if (this.#state === "connecting") return;
      this.#state = "connecting";
      this.#host.update("connecting", WAIT);
      return;
    }
    const failure = failuresOf(this.#subchannels());
    if (this.#state === "transient_failure" && failure === this.#failure) return;
    this.#state = "transient_failure";
    this.#failure = failure;
    this.#host.update("transient_failure", failing(failure));
  }

  *#subchannels(): Generator<Subchannel> {
    for (const { subchannel } of this.#members.values()) yield subchannel;
  }
}
