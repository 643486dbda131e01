import { ConnectionError, ErrorCode } from "../errors.js";
import type { Receiver } from "../flow/receiver.js";
import type { Sender } from "../flow/sender.js";
import { Flag, MAX_31_BIT, SettingId } from "../frames/constants.js";
import type { FrameWriter } from "../frames/frame-writer.js";
import { readUint16, readUint32 } from "../frames/integers.js";
import type { HpackDecoder, HpackEncoder } from "../hpack/index.js";
import type { Settings } from "../settings.js";
import type { EngineStream } from "../streams/engine-stream.js";
import type { Watch } from "./watch.js";

/** The connection, as the exchange of settings sees it. */
export interface SettingsOwner {
  readonly isClient: boolean;
  readonly handler: { onSettings?(): void };
  readonly writer: FrameWriter;
  readonly watch: Watch;
  readonly sender: Sender;
  readonly receiver: Receiver;
  readonly streams: ReadonlyMap<number, EngineStream>;
  readonly localSettings: Settings;
  peerSettings: Settings;
  /** What a peer may count on until it has acknowledged our SETTINGS. */
  receiveWindow: number;
  /** Counts a frame that costs us an answer. */
  control(): void;
  /** The peer allows more or fewer streams. */
  streamsChanged(): void;
}

/** SETTINGS of both sides, and their acknowledgements (RFC 9113, section 6.5). */
export class SettingsExchange {
  /** Whether the peer's first SETTINGS came. */
  seen = false;
  readonly #connection: SettingsOwner;
  readonly #encoder: HpackEncoder;
  readonly #decoder: HpackDecoder;
  /** SETTINGS of ours that are not acknowledged. */
  #unacknowledged = 0;

  constructor(connection: SettingsOwner, encoder: HpackEncoder, decoder: HpackDecoder) {
    this.#connection = connection;
    this.#encoder = encoder;
    this.#decoder = decoder;
  }

  /** Sends ours. */
  announce(): void {
    const { writer, watch, localSettings, isClient } = this.#connection;
    this.#unacknowledged++;
    writer.settings(announcement(localSettings, isClient));
    watch.awaitSettingsAck();
  }

  /** A SETTINGS frame. */
  received(flags: number, bytes: Uint8Array, start: number, end: number): void {
    if ((flags & Flag.ACK) !== 0) this.#acknowledged();
    else this.#apply(bytes, start, end);
  }

  #apply(bytes: Uint8Array, start: number, end: number): void {
    const connection = this.#connection;
    connection.control();
    const before = connection.peerSettings;
    const after = readSettings(before, bytes, start, end, connection.isClient);
    connection.peerSettings = after;
    connection.writer.maxFrameSize = after.maxFrameSize;
    if (after.headerTableSize !== before.headerTableSize) this.#encoder.setPeerTableSize(after.headerTableSize);
    connection.writer.settingsAck();
    const delta = after.initialWindowSize - before.initialWindowSize;
    if (delta !== 0) connection.sender.initialWindowChanged(connection.streams.values(), delta);
    if (!this.seen) {
      this.seen = true;
      connection.watch.prefaceCame();
    }
    connection.handler.onSettings?.();
    connection.streamsChanged();
  }

  #acknowledged(): void {
    const connection = this.#connection;
    if (this.#unacknowledged === 0) {
      connection.control();
      return;
    }
    this.#unacknowledged--;
    if (this.#unacknowledged > 0) return;
    connection.watch.settingsAcknowledged();
    this.#decoder.settingsAcknowledged();
    // A smaller initial window holds from here on, for open streams too (RFC 9113, section 6.9.2).
    const delta = connection.localSettings.initialWindowSize - connection.receiveWindow;
    connection.receiveWindow = connection.localSettings.initialWindowSize;
    if (delta < 0) for (const stream of connection.streams.values()) connection.receiver.narrowed(stream, delta);
  }
}

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
