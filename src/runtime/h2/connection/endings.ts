import * as ErrorCode from "../error-code.js";
import { ConnectionError, errorCodeName } from "../errors.js";

/** This side closes the connection; `debug` is what its GOAWAY says to people. */
export function closedHere(code: number, debug: string, cause?: unknown): ConnectionError {
  return new ConnectionError(code, said(code, debug), "local", cause === undefined ? {} : { cause });
}

/** The peer's GOAWAY said that something is wrong. */
export function closedThere(code: number, debug: string): ConnectionError {
  return new ConnectionError(code, `the peer said GOAWAY ${said(code, debug)}`, "remote");
}

/** The byte stream below ended, or broke. */
export function byteStreamEnded(error: Error | undefined): ConnectionError {
  const text = error === undefined ? "the peer closed the byte stream" : error.message;
  return new ConnectionError(ErrorCode.NO_ERROR, text, "transport", error === undefined ? {} : { cause: error });
}

/** What was thrown while bytes were read or sent: a fault of the peer's, or a bug, of which the peer learns nothing. */
export function faultOf(thrown: unknown): ConnectionError {
  if (thrown instanceof ConnectionError) return thrown;
  return new ConnectionError(ErrorCode.INTERNAL_ERROR, "a handler threw", "local", { cause: thrown });
}

function said(code: number, debug: string): string {
  return debug === "" ? errorCodeName(code) : `${errorCodeName(code)}: ${debug}`;
}
