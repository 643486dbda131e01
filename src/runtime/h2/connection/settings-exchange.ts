import { ConnectionError, ErrorCode } from "../errors.js";
import { MAX_31_BIT, SettingId } from "../frames/constants.js";
import { readUint16, readUint32 } from "../frames/integers.js";
import type { Settings } from "../settings.js";

/** What our first SETTINGS frame says: all that differs from RFC 9113's defaults. */
export function announcement(settings: Settings, isClient: boolean): (readonly [number, number])[] {
  const pairs: (readonly [number, number])[] = [];
  if (settings.headerTableSize !== 4096) pairs.push([SettingId.HEADER_TABLE_SIZE, settings.headerTableSize]);
  // RFC 9113, section 6.5.2: a server says 0 or nothing.
  if (isClient) pairs.push([SettingId.ENABLE_PUSH, 0]);
  if (Number.isFinite(settings.maxConcurrentStreams)) {
    pairs.push([SettingId.MAX_CONCURRENT_STREAMS, settings.maxConcurrentStreams]);
  }
  if (settings.initialWindowSize !== 65_535) pairs.push([SettingId.INITIAL_WINDOW_SIZE, settings.initialWindowSize]);
  if (settings.maxFrameSize !== 16_384) pairs.push([SettingId.MAX_FRAME_SIZE, settings.maxFrameSize]);
  if (Number.isFinite(settings.maxHeaderListSize)) {
    pairs.push([SettingId.MAX_HEADER_LIST_SIZE, settings.maxHeaderListSize]);
  }
  if (settings.enableConnectProtocol) pairs.push([SettingId.ENABLE_CONNECT_PROTOCOL, 1]);
  return pairs;
}

type Changes = { -readonly [Name in keyof Settings]: Settings[Name] };

/**
 * The peer's settings after a SETTINGS frame (RFC 9113, section 6.5.2); unknown ones are ignored.
 * @throws ConnectionError for values out of range.
 */
export function readSettings(
  before: Settings,
  bytes: Uint8Array,
  start: number,
  end: number,
  fromServer: boolean,
): Settings {
  const after: Changes = { ...before };
  for (let at = start; at < end; at += 6) set(after, readUint16(bytes, at), readUint32(bytes, at + 2), fromServer);
  return after;
}

function set(settings: Changes, id: number, value: number, fromServer: boolean): void {
  switch (id) {
    case SettingId.HEADER_TABLE_SIZE:
      settings.headerTableSize = value;
      return;
    case SettingId.ENABLE_PUSH:
      if (value > 1 || (fromServer && value !== 0)) throw wrong(ErrorCode.PROTOCOL_ERROR, "ENABLE_PUSH", value);
      settings.enablePush = value === 1;
      return;
    case SettingId.MAX_CONCURRENT_STREAMS:
      settings.maxConcurrentStreams = value;
      return;
    case SettingId.INITIAL_WINDOW_SIZE:
      if (value > MAX_31_BIT) throw wrong(ErrorCode.FLOW_CONTROL_ERROR, "INITIAL_WINDOW_SIZE", value);
      settings.initialWindowSize = value;
      return;
    case SettingId.MAX_FRAME_SIZE:
      if (value < 16_384 || value > 16_777_215) throw wrong(ErrorCode.PROTOCOL_ERROR, "MAX_FRAME_SIZE", value);
      settings.maxFrameSize = value;
      return;
    case SettingId.MAX_HEADER_LIST_SIZE:
      settings.maxHeaderListSize = value;
      return;
    case SettingId.ENABLE_CONNECT_PROTOCOL: // RFC 8441, section 3: never from 1 to 0
      if (value > 1 || (settings.enableConnectProtocol && value === 0)) {
        throw wrong(ErrorCode.PROTOCOL_ERROR, "ENABLE_CONNECT_PROTOCOL", value);
      }
      settings.enableConnectProtocol = value === 1;
      return;
  }
}

function wrong(code: number, name: string, value: number): ConnectionError {
  return new ConnectionError(code, `SETTINGS_${name} of ${value}`, "local");
}
