import type { RpcError } from "../../core/rpc-error.js";

/** What each of the four kinds of call implements: how it runs its handler, and reacts to the events of its core. */
export interface ServerCallParts {
  /** Whether the request that was read last came compressed. */
  readonly compressed: boolean | undefined;
  /** Nothing holds the call any longer. */
  opened(): void;
  /** Calls the handler. What it throws, or its promise rejects with, ends the call. */
  callHandler(): unknown;
  /**
   * What the handler returned, or its promise resolved with.
   * @returns what is to be waited for before the handler counts as done; its failure is the handler's
   */
  completed(outcome: unknown): Promise<void> | undefined;
  onReadable(): void;
  onHalfClose(): void;
  onDrain(): void;
  /** The call ended: `error` makes its error, and is undefined for OK. `dropped`: the handler did not end it. */
  ended(error: (() => RpcError) | undefined, dropped: boolean): void;
}
