import type { RpcError } from "../../core/rpc-error.js";
import type { HandlerErrorListener } from "./service-rules.js";
import type { ServerCall } from "./types.js";
import { warn } from "./warn.js";

/** Tells the server's owner of an error that no client sees. */
export function reportError(error: unknown, onError: HandlerErrorListener, call: ServerCall): void {
  try {
    onError(error, call);
  } catch (thrown) {
    warn(`onError threw: ${String(thrown)}`);
  }
}

/** Whether an error is only that of a handler that stopped because its call was cancelled: nobody has to hear of it. */
export function isOfCancel(error: unknown, cancelled: RpcError | undefined): boolean {
  return cancelled !== undefined && (error === cancelled || (error instanceof Error && error.name === "AbortError"));
}
