import { errorCodeName, type ResetCause } from "../h2/index.js";

/**
 * Why the stream of a request ended before its time, as its server tells it.
 *
 * @param code the HTTP/2 error code
 * @param text what the client broke, where that is known
 * @param lost why the connection is gone, where it is and that is known
 */
export function whyRequestLost(
  code: number,
  cause: ResetCause,
  text: string | undefined,
  lost: string | undefined,
): string {
  const name = errorCodeName(code);
  switch (cause) {
    case "peer":
      return `the client reset the stream (${name})`;
    case "local":
      return `the client broke HTTP/2 on the call's stream (${text === undefined ? name : `${name}: ${text}`})`;
    default:
      return lost === undefined ? "the connection was lost" : `the connection was lost: ${lost}`;
  }
}
