import { messageOf, RpcError, type StatusObject } from "../core/rpc-error.js";
import { status } from "../core/status.js";

/** How one call ended. */
export interface Ending {
  readonly status: StatusObject;
  /** Undefined for OK. */
  readonly error: RpcError | undefined;
}

/** The ending of a call whose reading threw. */
export function failed(thrown: unknown): Ending {
  const error =
    thrown instanceof RpcError ? thrown : new RpcError(status.UNKNOWN, messageOf(thrown), { cause: thrown });
  return { status: error, error };
}
