import type { ByteSink } from "../../core/codec.js";
import type { Stream } from "../../h2/index.js";
import type { MessageFramer } from "../../wire/message-framer.js";
import type { MessageRun } from "../transport.js";

/** Bytes that are framed at a time: with more, a message costs no less, and what a shut window holds back would be more than asked for. */
const RUN_BYTES = 4096;

/**
 * Sends the next messages of a run as one piece of DATA, which costs less than a piece for each. Where one of them cannot be sent, those
 * before it are. Throws as {@link MessageFramer.frame}.
 *
 * @param keep hears where in `sink` the messages begin; they end at its position
 */
export function writeRun<Init>(
  stream: Stream,
  framer: MessageFramer<Init>,
  run: MessageRun<Init>,
  keep?: (sink: ByteSink, start: number) => void,
): void {
  const sink = stream.beginData();
  const start = sink.position;
  try {
    framer.frameRun(run, sink, RUN_BYTES);
  } finally {
    if (sink.position === start) {
      stream.abandonData();
    } else {
      keep?.(sink, start);
      stream.endData(false);
    }
  }
}
