import { messageOf, RpcError, type StatusObject, statusObject } from "../../core/rpc-error.js";
import { status } from "../../core/status.js";

/** The status of what an interceptor threw. */
export function statusOfInterceptor(error: unknown): StatusObject {
  if (error instanceof RpcError) return error;
  return statusObject(status.INTERNAL, `an interceptor threw: ${messageOf(error)}`);
}
