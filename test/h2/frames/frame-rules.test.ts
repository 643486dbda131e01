import { describe, expect, test } from "vitest";
import * as ErrorCode from "../../../src/runtime/h2/error-code.js";
import { checkFrameHeader } from "../../../src/runtime/h2/frames/frame-rules.js";
import * as FrameType from "../../../src/runtime/h2/frames/frame-type.js";

const { DATA, HEADERS, PRIORITY, RST_STREAM, SETTINGS, PUSH_PROMISE, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION } =
  FrameType;
const PADDED = 8;
const ACK = 1;
const { PROTOCOL_ERROR, FRAME_SIZE_ERROR } = ErrorCode;

describe("the header of a frame (RFC 9113, section 6)", () => {
  test.each([
    [DATA, 0, 1, 0],
    [DATA, PADDED, 1, 1],
    [HEADERS, 0, 1, 0],
    [HEADERS, PADDED, 3, 1],
    [PRIORITY, 0, 1, 5],
    [RST_STREAM, 0, 1, 4],
    [SETTINGS, 0, 0, 0],
    [SETTINGS, 0, 0, 12],
    [SETTINGS, ACK, 0, 0],
    [PING, 0, 0, 8],
    [GOAWAY, 0, 0, 8],
    [GOAWAY, 0, 0, 100],
    [WINDOW_UPDATE, 0, 0, 4],
    [WINDOW_UPDATE, 0, 1, 4],
    [CONTINUATION, 0, 0, 0],
    [0x99, 0xff, 0, 1],
  ])("type %i, flags %i, stream %i, %i bytes", (type, flags, streamId, length) => {
    checkFrameHeader(type, flags, streamId, length);
  });

  test.each([
    [DATA, 0, 0, 1, PROTOCOL_ERROR, "DATA on stream 0"],
    [DATA, PADDED, 1, 0, FRAME_SIZE_ERROR, "DATA without room for its padding"],
    [HEADERS, 0, 0, 1, PROTOCOL_ERROR, "HEADERS on stream 0"],
    [HEADERS, PADDED, 1, 0, FRAME_SIZE_ERROR, "HEADERS without room for its padding"],
    [PRIORITY, 0, 0, 5, PROTOCOL_ERROR, "PRIORITY on stream 0"],
    [PRIORITY, 0, 1, 4, FRAME_SIZE_ERROR, "PRIORITY of 4 bytes"],
    [PRIORITY, PADDED, 1, 0, FRAME_SIZE_ERROR, "PRIORITY of 0 bytes"],
    [RST_STREAM, 0, 0, 4, PROTOCOL_ERROR, "RST_STREAM on stream 0"],
    [RST_STREAM, 0, 1, 5, FRAME_SIZE_ERROR, "RST_STREAM of 5 bytes"],
    [SETTINGS, 0, 1, 0, PROTOCOL_ERROR, "SETTINGS on stream 1"],
    [SETTINGS, 0, 0, 7, FRAME_SIZE_ERROR, "SETTINGS of 7 bytes"],
    [SETTINGS, ACK, 0, 6, FRAME_SIZE_ERROR, "SETTINGS of 6 bytes"],
    [PUSH_PROMISE, 0, 1, 8, PROTOCOL_ERROR, "PUSH_PROMISE although push is off"],
    [PING, 0, 1, 8, PROTOCOL_ERROR, "PING on stream 1"],
    [PING, 0, 0, 7, FRAME_SIZE_ERROR, "PING of 7 bytes"],
    [GOAWAY, 0, 1, 8, PROTOCOL_ERROR, "GOAWAY on stream 1"],
    [GOAWAY, 0, 0, 7, FRAME_SIZE_ERROR, "GOAWAY of 7 bytes"],
    [WINDOW_UPDATE, 0, 0, 3, FRAME_SIZE_ERROR, "WINDOW_UPDATE of 3 bytes"],
  ])("type %i, flags %i, stream %i, %i bytes: %i", (type, flags, streamId, length, code, message) => {
    expect(() => checkFrameHeader(type, flags, streamId, length)).toThrow(
      expect.objectContaining({ code, message, origin: "local" }),
    );
  });
});
