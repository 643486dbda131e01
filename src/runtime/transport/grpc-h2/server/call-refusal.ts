import type { StatusObject } from "../../../core/rpc-error.js";
import { ErrorCode, type Stream, type StreamHandler } from "../../../h2/index.js";
import { httpAnswer, trailersOf } from "./response-headers.js";

/** Is told of a stream that was answered already, or reset. */
export const NOBODY: StreamHandler = {
  onHeaders() {},
  onHeadersTooLarge() {},
  onData() {},
  onEnd() {},
  onReset() {},
  onWritable() {},
};

/** Answers with a status alone; what the client still sends is not wanted. */
export function refuse(stream: Stream, result: StatusObject, requestEnded: boolean): StreamHandler {
  stream.sendHeaders(trailersOf(result, false, Number.POSITIVE_INFINITY), true);
  if (!requestEnded) stream.reset(ErrorCode.NO_ERROR);
  return NOBODY;
}

const HTTP_TEXT = new TextEncoder().encode("This port speaks gRPC.\n");

/**
 * Answers what is no gRPC request with an HTTP status and a line for whoever sent it. The rest of the request is let come, for
 * as long as its window lasts, and judged by HTTP/2's rules.
 */
export function refuseHttp(stream: Stream, httpStatus: string): StreamHandler {
  stream.sendHeaders(httpAnswer(httpStatus), false);
  stream.sendData(HTTP_TEXT, true);
  return NOBODY;
}

/** The call was not processed: the client may send it again, elsewhere (gRFC A6). */
export function leaveOut(stream: Stream): StreamHandler {
  stream.reset(ErrorCode.REFUSED_STREAM);
  return NOBODY;
}
