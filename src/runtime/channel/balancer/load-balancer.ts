import { RpcError } from "../../core/rpc-error.js";
import { status } from "../../core/status.js";
import type { Address, Picker, Subchannel, SubchannelListener } from "../../transport/routing.js";
import type { ConnectivityState } from "../../transport/transport.js";
import type { PolicyClock } from "../clock.js";

/** What a load balancer has of its channel. */
export interface LoadBalancerHost {
  /** Connections to one address; they begin when the subchannel is told to connect. */
  createSubchannel(address: Address, listener: SubchannelListener): Subchannel;
  /** Sets the channel's state and its picker. Calls that wait are offered to the new picker. */
  update(state: Exclude<ConnectivityState, "shutdown">, picker: Picker): void;
  /** A server is gone, or could not be reached: the resolver may look for others. */
  requestResolution(): void;
  /** The channel's time. A policy takes its timers from it, so that tests can move it. */
  readonly clock: PolicyClock;
  /** At least 0 and less than 1. */
  readonly random: () => number;
}

/**
 * A policy: holds subchannels to some of the addresses it is told, and gives a {@link Picker} each time its choice may be another.
 * Called from fresh stacks only. It is made when the channel is used first, and again after it was idle.
 */
export interface LoadBalancer {
  /** The addresses are these from now on; at least one, each once. */
  updateAddresses(addresses: readonly Address[]): void;
  /** Connect, where it waits for a call to do so. */
  connect(): void;
  /** Servers that could not be reached are to be tried at once. */
  resetBackoff(): void;
  /** Close all subchannels. */
  close(): void;
}

/** Makes a policy for one channel; its host makes the policy's connections. Called anew for each channel. */
export type LoadBalancerFactory = (host: LoadBalancerHost) => LoadBalancer;

/** Calls wait. */
export const WAIT: Picker = { pick: () => undefined };

/** Calls fail with UNAVAILABLE, but for those that wait for a connection. */
export function failing(reason: string): Picker {
  const error = new RpcError(status.UNAVAILABLE, reason);
  return { pick: () => error };
}

/** Calls go to one server. */
export function always(subchannel: Subchannel): Picker {
  return { pick: () => subchannel };
}
