import { FRAME_HEADER_BYTES } from "../frames/constants.js";
import * as Flag from "../frames/flag.js";
import * as FrameType from "../frames/frame-type.js";
import { moveChunk } from "../frames/frame-writer.js";
import { writeFrameHeader } from "../frames/integers.js";
import type { Output } from "../output/output.js";

/** The header of a DATA frame; `length` bytes of payload are to follow. */
export function writeDataHeader(output: Output, streamId: number, length: number, flags: number): void {
  const out = output.frames();
  const at = out.begin();
  writeFrameHeader(out.bytes, at, length, FrameType.DATA, flags, streamId);
  out.position = at + FRAME_HEADER_BYTES;
  output.wrote(FRAME_HEADER_BYTES);
}

/** END_STREAM: on the last frame if that is this stream's and has not left yet, else on an empty one. */
export function writeEnd(output: Output, streamId: number): void {
  if (output.joins(streamId)) output.bytes[output.frameAt + 4]! |= Flag.END_STREAM;
  else writeDataHeader(output, streamId, 0, Flag.END_STREAM);
}

/** Makes frames of the open DATA: one, or as many as it takes where the peer takes no larger ones than `maxSize`. */
export function closeFrames(output: Output, streamId: number, maxSize: number, endStream: boolean): void {
  const length = output.position - output.frameAt - FRAME_HEADER_BYTES;
  const flags = endStream ? Flag.END_STREAM : 0;
  if (length <= maxSize) {
    writeFrameHeader(output.bytes, output.frameAt, length, FrameType.DATA, flags, streamId);
    output.closeData(streamId, output.frameAt);
  } else {
    output.closeData(streamId, split(output, streamId, length, maxSize, flags));
  }
}

/** Cuts one frame into several; returns where the last one begins. */
function split(output: Output, streamId: number, length: number, size: number, flags: number): number {
  const count = Math.ceil(length / size);
  const added = (count - 1) * FRAME_HEADER_BYTES;
  output.reserve(added);
  for (let i = count - 1; i >= 0; i--) {
    const last = i === count - 1 ? flags : 0;
    moveChunk(output.bytes, output.frameAt, i, length, size, FrameType.DATA, last, streamId);
  }
  output.position += added;
  return output.frameAt + (count - 1) * (size + FRAME_HEADER_BYTES);
}
