import {
  addressName,
  type PickedCall,
  type Picker,
  type PickResult,
  socketAddresses,
} from "../../transport/routing.js";
import type { ReadyServer } from "./ready-server.js";

/** So many sets of tried servers are remembered; more than that is a fleet in which everything fails. */
const MOST_KNOWN = 64;

/**
 * Sends a call that is sent again to a server that it has not tried, while such a one is ready: as Envoy's `previous_hosts`. gRFC A6 leaves
 * it open, and a server that fails each call would else cost those whose attempts all fall on it.
 */
export class AvoidingPicker implements Picker {
  readonly #first: Picker;
  readonly #ready: readonly ReadyServer[];
  readonly #takes: (server: ReadyServer) => boolean;
  readonly #make: (ready: readonly ReadyServer[]) => Picker;
  /** By the names of what was tried: each set has its turns, so that what one server fails is spread over the others. */
  readonly #known = new Map<string, Picker>();

  /**
   * @param first for calls that are sent for the first time
   * @param takes whether a server may be given calls at all
   */
  constructor(
    first: Picker,
    ready: readonly ReadyServer[],
    takes: (server: ReadyServer) => boolean,
    make: (ready: readonly ReadyServer[]) => Picker,
  ) {
    this.#first = first;
    this.#ready = ready;
    this.#takes = takes;
    this.#make = make;
  }

  pick(call: PickedCall): PickResult {
    const { tried } = call.options;
    return (tried === undefined ? this.#first : this.#without(tried)).pick(call);
  }

  /** Where all that are ready were tried, any will do. */
  #without(tried: ReadonlySet<string>): Picker {
    const key = [...tried].sort().join();
    let picker = this.#known.get(key);
    if (picker === undefined) {
      const others = this.#ready.filter((server) => !isTried(server, tried) && this.#takes(server));
      picker = others.length === 0 ? this.#first : this.#make(others);
      if (this.#known.size >= MOST_KNOWN) this.#known.clear();
      this.#known.set(key, picker);
    }
    return picker;
  }
}

/** A call names the address that it went to, of a server that may have several. */
function isTried({ address }: ReadyServer, tried: ReadonlySet<string>): boolean {
  return socketAddresses(address).some((one) => tried.has(addressName(one)));
}
