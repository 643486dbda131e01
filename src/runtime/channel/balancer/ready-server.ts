import type { Address, Subchannel } from "../../transport/routing.js";

/** A server that calls may go to. */
export interface ReadyServer {
  /** Its connection. */
  readonly subchannel: Subchannel;
  /** As the resolver said it last: it may be another later on, with another weight. */
  readonly address: Address;
}
