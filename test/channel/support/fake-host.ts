import type {
  LoadBalancer,
  LoadBalancerFactory,
  LoadBalancerHost,
} from "../../../src/runtime/channel/balancer/load-balancer.js";
import type { CalledMethod } from "../../../src/runtime/core/method.js";
import { RpcError } from "../../../src/runtime/core/rpc-error.js";
import type { status } from "../../../src/runtime/core/status.js";
import {
  type Address,
  addressName,
  type Picker,
  type Subchannel,
  type SubchannelListener,
} from "../../../src/runtime/transport/routing.js";
import type {
  ClientListener,
  ClientStream,
  ConnectivityState,
  StartOptions,
} from "../../../src/runtime/transport/transport.js";
import { bytesMethod, startOptions } from "../../transport/support.js";
import { FakeClock } from "./fake-clock.js";

/** A call on one subchannel, as a health check makes it. */
export interface FakeCall {
  readonly path: string;
  readonly listener: ClientListener;
  readonly written: unknown[];
  cancelled: boolean;
  /** What waits to be read. */
  readonly answers: unknown[];
}

/** A subchannel whose states the test decides. */
export class FakeSubchannel implements Subchannel {
  readonly address: Address;
  readonly calls: FakeCall[] = [];
  state: ConnectivityState = "idle";
  lastFailure = "";
  openCalls = 0;
  connects = 0;
  resets = 0;
  readonly #listener: SubchannelListener;

  constructor(address: Address, listener: SubchannelListener) {
    this.address = address;
    this.#listener = listener;
  }

  /** Its state is this from now on. */
  is(state: ConnectivityState): void {
    this.state = state;
    if (state === "transient_failure") this.lastFailure = `${addressName(this.address)} is down`;
    this.#listener.onState(this);
  }

  /** A call on it ends. */
  ends(code: status): void {
    this.#listener.onCallEnd?.(this, code);
  }

  connect(): void {
    if (this.state !== "idle") return;
    this.connects++;
    this.state = "connecting"; // its listener hears of it later
  }

  resetBackoff(): void {
    this.resets++;
  }

  close(): void {
    this.state = "shutdown";
  }

  start<Out, InInit>(
    method: CalledMethod<InInit, Out>,
    _: StartOptions,
    listener: ClientListener,
  ): ClientStream<InInit, Out> {
    const call: FakeCall = { path: method.path, listener, written: [], answers: [], cancelled: false };
    this.calls.push(call);
    return {
      peer: addressName(this.address),
      received: {
        get waiting() {
          return call.answers.length;
        },
        next: () => call.answers.shift() as Out, // the test's own
        drop: () => {},
      },
      write: (message) => {
        call.written.push(message);
        return true;
      },
      closeSend: () => {},
      cancel: () => {
        call.cancelled = true;
      },
    };
  }
}

/** A channel of the test's own around one policy. */
export class FakeHost implements LoadBalancerHost {
  readonly clock: FakeClock = new FakeClock();
  readonly random: () => number;
  readonly made: FakeSubchannel[] = [];
  readonly states: ConnectivityState[] = [];
  readonly policy: LoadBalancer;
  picker: Picker = { pick: () => undefined };
  resolutions = 0;

  constructor(factory: LoadBalancerFactory, random: () => number = () => 0) {
    this.random = random;
    this.policy = factory(this);
  }

  createSubchannel(address: Address, listener: SubchannelListener): FakeSubchannel {
    const subchannel = new FakeSubchannel(address, listener);
    this.made.push(subchannel);
    return subchannel;
  }

  update(state: ConnectivityState, picker: Picker): void {
    this.states.push(state);
    this.picker = picker;
  }

  requestResolution(): void {
    this.resolutions++;
  }

  /** Those that are not closed. */
  get open(): FakeSubchannel[] {
    return this.made.filter(({ state }) => state !== "shutdown");
  }

  get state(): ConnectivityState | undefined {
    return this.states.at(-1);
  }

  /** Addresses of 10.0.0.0/24, by their last number. */
  addresses(...numbers: number[]): void {
    this.policy.updateAddresses(numbers.map(address));
  }

  /** The open subchannel to that address. */
  at(number: number): FakeSubchannel {
    const found = this.open.find((one) => addressName(one.address) === addressName(address(number)));
    if (found === undefined) throw new Error(`no open subchannel to ${number}`);
    return found;
  }

  /** Where one call goes that has tried these: the number of an address, "wait", or why it fails. */
  pick(...tried: number[]): number | string {
    const names = tried.length === 0 ? undefined : new Set(tried.map((number) => addressName(address(number))));
    const picked = this.picker.pick({ method: bytesMethod("Any"), options: startOptions({ tried: names }) });
    if (picked === undefined) return "wait";
    if (picked instanceof RpcError) return picked.details;
    return Number(addressName(picked.address).replace(/^.*\.(\d+):\d+$/, "$1"));
  }

  picks(count: number): (number | string)[] {
    return Array.from({ length: count }, () => this.pick());
  }
}

export function address(number: number): Address {
  return { host: `10.0.0.${number}`, port: 80 };
}

/** How often each appears. */
export function tally(items: readonly (number | string)[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[item] = (counts[item] ?? 0) + 1;
  return counts;
}
