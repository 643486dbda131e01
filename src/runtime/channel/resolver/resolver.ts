import type { Address } from "../../transport/routing.js";

/** What a resolver found. */
export interface ResolverResult {
  /** Where the servers are, in the order in which `pick_first` is to try them. */
  readonly addresses: readonly Address[];
  /** A service config as JSON (gRFC A2), where the resolver has one. */
  readonly serviceConfig?: unknown;
}

/** The listener of a resolver. */
export interface ResolverListener {
  /** The servers are these from now on. Any time, any number of times. */
  onResult(result: ResolverResult): void;
  /**
   * They could not be found. Calls fail with UNAVAILABLE and this text where none were known before; else those stay. The resolver
   * goes on by itself.
   */
  onError(reason: string): void;
}

/** Finds the addresses of a target's servers, and reports changes until it is closed. */
export interface Resolver {
  /** A server is gone, or could not be reached: it may be time to look again. A resolver bounds how often it does. */
  refresh?(): void;
  /** Nobody listens any more: timers and watches end. */
  close(): void;
}

/**
 * Makes the resolver of a channel. Called when the channel is used first, and again after it was idle.
 *
 * @param target what `connect` was given
 */
export type ResolverFactory = (target: string, listener: ResolverListener) => Resolver;

/** The addresses are known, and stay. */
export function fixedAddresses(addresses: readonly Address[]): ResolverFactory {
  return (_, listener) => {
    listener.onResult({ addresses });
    return { close() {} };
  };
}
