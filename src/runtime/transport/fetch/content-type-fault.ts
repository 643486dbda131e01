import { type StatusObject, statusObject } from "../../core/rpc-error.js";
import { status } from "../../core/status.js";

/**
 * What a response of another type than was asked for means.
 * @param sameProtocol it is the protocol's, with messages in another format: the server is wrong, and not what stands between
 */
export function contentTypeFault(given: string | undefined, wanted: string, sameProtocol: boolean): StatusObject {
  const details = `the server answered with content-type ${given ?? "(none)"}, not ${wanted}`;
  return statusObject(sameProtocol ? status.INTERNAL : status.UNKNOWN, details);
}
