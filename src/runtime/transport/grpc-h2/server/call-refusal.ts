import type { StatusObject } from "../../../core/rpc-error.js";
import { ErrorCode, type Stream, type StreamHandler } from "../../../h2/index.js";
import { httpAnswer, trailersOf } from "./response-headers.js";

/** Hears of a stream that was answered already, or reset. */
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
  return answerAlone(stream, trailersOf(result, false, Number.POSITIVE_INFINITY), requestEnded);
}

/** Answers what is no gRPC request with an HTTP status. */
export function refuseHttp(stream: Stream, httpStatus: string, requestEnded: boolean): StreamHandler {
  return answerAlone(stream, httpAnswer(httpStatus), requestEnded);
}

/** The call was not processed: the client may send it again, elsewhere (gRFC A6). */
export function leaveOut(stream: Stream): StreamHandler {
  stream.reset(ErrorCode.REFUSED_STREAM);
  return NOBODY;
}

function answerAlone(stream: Stream, headers: string[], requestEnded: boolean): StreamHandler {
  stream.sendHeaders(headers, true);
  if (!requestEnded) stream.reset(ErrorCode.NO_ERROR);
  return NOBODY;
}
