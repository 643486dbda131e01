import * as ErrorCode from "../error-code.js";
import { type ConnectionError, peerFault } from "../errors.js";
import * as Flag from "./flag.js";
import * as FrameType from "./frame-type.js";

/**
 * What must hold of a frame's header alone, before its payload is there.
 * @throws ConnectionError where it does not.
 */
export function checkFrameHeader(type: number, flags: number, streamId: number, length: number): void {
  switch (type) {
    case FrameType.DATA: // RFC 9113, section 6.1
    case FrameType.HEADERS: // 6.2
      if (streamId === 0) throw wrong(type, ErrorCode.PROTOCOL_ERROR, "on stream 0");
      if ((flags & Flag.PADDED) !== 0 && length === 0)
        throw wrong(type, ErrorCode.FRAME_SIZE_ERROR, "without room for its padding");
      return;
    case FrameType.PRIORITY: // 6.3
      if (streamId === 0) throw wrong(type, ErrorCode.PROTOCOL_ERROR, "on stream 0");
      if (length !== 5) throw wrong(type, ErrorCode.FRAME_SIZE_ERROR, `of ${length} bytes`);
      return;
    case FrameType.RST_STREAM: // 6.4
      if (streamId === 0) throw wrong(type, ErrorCode.PROTOCOL_ERROR, "on stream 0");
      if (length !== 4) throw wrong(type, ErrorCode.FRAME_SIZE_ERROR, `of ${length} bytes`);
      return;
    case FrameType.SETTINGS: // 6.5
      if (streamId !== 0) throw wrong(type, ErrorCode.PROTOCOL_ERROR, `on stream ${streamId}`);
      if (length % 6 !== 0 || ((flags & Flag.ACK) !== 0 && length > 0)) {
        throw wrong(type, ErrorCode.FRAME_SIZE_ERROR, `of ${length} bytes`);
      }
      return;
    case FrameType.PUSH_PROMISE: // 6.6, 8.4: nobody may push to us
      throw wrong(type, ErrorCode.PROTOCOL_ERROR, "although push is off");
    case FrameType.PING: // 6.7
      if (streamId !== 0) throw wrong(type, ErrorCode.PROTOCOL_ERROR, `on stream ${streamId}`);
      if (length !== 8) throw wrong(type, ErrorCode.FRAME_SIZE_ERROR, `of ${length} bytes`);
      return;
    case FrameType.GOAWAY: // 6.8
      if (streamId !== 0) throw wrong(type, ErrorCode.PROTOCOL_ERROR, `on stream ${streamId}`);
      if (length < 8) throw wrong(type, ErrorCode.FRAME_SIZE_ERROR, `of ${length} bytes`);
      return;
    case FrameType.WINDOW_UPDATE: // 6.9
      if (length !== 4) throw wrong(type, ErrorCode.FRAME_SIZE_ERROR, `of ${length} bytes`);
      return;
    default: // 5.5: unknown frames are ignored; CONTINUATION is checked by the header block that it continues
      return;
  }
}

/** By type. */
const NAMES: readonly (keyof typeof FrameType)[] = [
  "DATA",
  "HEADERS",
  "PRIORITY",
  "RST_STREAM",
  "SETTINGS",
  "PUSH_PROMISE",
  "PING",
  "GOAWAY",
  "WINDOW_UPDATE",
  "CONTINUATION",
];

/** The name of a frame type. */
export function frameTypeName(type: number): string {
  return NAMES[type] ?? `frame of type ${type}`;
}

function wrong(type: number, code: number, what: string): ConnectionError {
  return peerFault(code, `${frameTypeName(type)} ${what}`);
}
