import * as ErrorCode from "../error-code.js";
import { type ConnectionError, peerFault } from "../errors.js";
import * as Flag from "./flag.js";
import * as FrameType from "./frame-type.js";

/** What must hold of the header of a type's frames: whether they are on a stream (undefined: either), and how long they are. */
interface Rule {
  readonly onStream?: boolean;
  readonly length?: number;
  readonly least?: number;
}

/** By type (RFC 9113, sections 6.1 to 6.9). CONTINUATION is checked by the header block that it continues; unknown frames are ignored (5.5). */
const RULES: readonly Rule[] = [
  { onStream: true }, // DATA
  { onStream: true }, // HEADERS
  { onStream: true, length: 5 }, // PRIORITY
  { onStream: true, length: 4 }, // RST_STREAM
  { onStream: false }, // SETTINGS
  {}, // PUSH_PROMISE
  { onStream: false, length: 8 }, // PING
  { onStream: false, least: 8 }, // GOAWAY
  { length: 4 }, // WINDOW_UPDATE
];

/**
 * What must hold of a frame's header alone, before its payload is there.
 * @throws ConnectionError where it does not.
 */
export function checkFrameHeader(type: number, flags: number, streamId: number, length: number): void {
  const rule = RULES[type];
  if (rule === undefined) return;
  // 8.4: nobody may push to us
  if (type === FrameType.PUSH_PROMISE) throw wrong(type, ErrorCode.PROTOCOL_ERROR, "although push is off");
  if (rule.onStream === (streamId === 0)) throw wrong(type, ErrorCode.PROTOCOL_ERROR, `on stream ${streamId}`);
  if (type <= FrameType.HEADERS) {
    if ((flags & Flag.PADDED) !== 0 && length === 0)
      throw wrong(type, ErrorCode.FRAME_SIZE_ERROR, "without room for its padding");
    return;
  }
  const { length: exactly = length, least = 0 } = rule;
  const uneven = type === FrameType.SETTINGS && (length % 6 !== 0 || ((flags & Flag.ACK) !== 0 && length > 0));
  if (uneven || length !== exactly || length < least)
    throw wrong(type, ErrorCode.FRAME_SIZE_ERROR, `of ${length} bytes`);
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
