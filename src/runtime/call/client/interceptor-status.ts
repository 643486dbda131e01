import { messageOf, RpcError, type StatusObject, statusObject } from "../../core/rpc-error.js";
import * as Code from "../../core/status-code.js";

/** The status of what an interceptor threw. */
export function statusOfInterceptor(error: unknown): StatusObject {
  if (error instanceof RpcError) return error;
  return statusObject(Code.INTERNAL, `an interceptor threw: ${messageOf(error)}`);
}
