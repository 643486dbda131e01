import { type StatusObject, statusObject } from "../../core/rpc-error.js";
import { statusOfHttp } from "../../wire/status-mapping.js";

/**
 * How a call ends whose response is not of its protocol: by its HTTP status, which gRPC ("HTTP to gRPC Status Code Mapping") and Connect
 * ("HTTP to Error Code") read alike.
 */
export function httpStatusFault(httpStatus: number): StatusObject {
  return statusObject(statusOfHttp(httpStatus), `the server answered with HTTP status ${httpStatus}`);
}
