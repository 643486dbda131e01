import type { Receiver } from "../flow/receiver.js";
import type { Sender } from "../flow/sender.js";
import * as Flag from "../frames/flag.js";
import type { FrameWriter } from "../frames/frame-writer.js";
import { announcement, readSettings } from "../frames/settings-payload.js";
import type { HpackDecoder, HpackEncoder } from "../hpack/index.js";
import type { ResolvedOptions } from "../options.js";
import { DEFAULT_SETTINGS, type Settings } from "../settings.js";
import type { EngineStream } from "../streams/engine-stream.js";
import { ownSettings } from "./own-settings.js";
import type { Watch } from "./watch.js";

/** The connection, as the exchange of settings sees it. */
export interface SettingsOwner {
  readonly isClient: boolean;
  readonly options: ResolvedOptions;
  readonly handler: { onSettings?(): void };
  readonly writer: FrameWriter;
  readonly watch: Watch;
  readonly sender: Pick<Sender, "initialWindowChanged">;
  readonly receiver: Pick<Receiver, "narrowed">;
  readonly streams: { values(): Iterable<EngineStream> };
  readonly guard: { control(): void };
  /** The peer allows more or fewer streams. */
  streamsChanged(): void;
}

/** SETTINGS of both sides, and their acknowledgements (RFC 9113, section 6.5). */
export class SettingsExchange {
  /** What we allow the peer; in force once acknowledged. */
  local: Settings;
  /** What the peer allows us. */
  peer: Settings = DEFAULT_SETTINGS;
  /** Whether the peer's first SETTINGS came. */
  seen = false;
  /** The window of a stream that the peer may count on until it has acknowledged our SETTINGS. */
  receiveWindow: number;
  readonly #connection: SettingsOwner;
  readonly #encoder: HpackEncoder;
  readonly #decoder: HpackDecoder;
  /** SETTINGS of ours that are not acknowledged. */
  #unacknowledged = 0;

  constructor(connection: SettingsOwner, encoder: HpackEncoder, decoder: HpackDecoder) {
    const { options, isClient } = connection;
    this.#connection = connection;
    this.#encoder = encoder;
    this.#decoder = decoder;
    this.local = ownSettings(options, isClient);
    this.receiveWindow = Math.max(DEFAULT_SETTINGS.initialWindowSize, options.initialWindowSize);
  }

  /** Sends ours. */
  announce(): void {
    const { writer, watch, isClient } = this.#connection;
    this.#unacknowledged++;
    writer.settings(announcement(this.local, isClient));
    watch.awaitSettingsAck();
  }

  /** Sends ours, changed. */
  change(settings: Partial<Settings>): void {
    this.local = { ...this.local, ...settings };
    this.announce();
  }

  /** A stream is read that has much: from now on larger frames are taken. */
  widenFrames(): void {
    const { readFrameSize } = this.#connection.options;
    if (this.local.maxFrameSize < readFrameSize) this.change({ maxFrameSize: readFrameSize });
  }

  /** A SETTINGS frame. */
  received(flags: number, bytes: Uint8Array, start: number, end: number): void {
    if ((flags & Flag.ACK) !== 0) this.#acknowledged();
    else this.#apply(bytes, start, end);
  }

  #apply(bytes: Uint8Array, start: number, end: number): void {
    const { guard, writer, watch, sender, streams, handler, isClient } = this.#connection;
    guard.control();
    const before = this.peer;
    const after = readSettings(before, bytes, start, end, isClient);
    this.peer = after;
    writer.maxFrameSize = after.maxFrameSize;
    if (after.headerTableSize !== before.headerTableSize) this.#encoder.setPeerTableSize(after.headerTableSize);
    writer.settingsAck();
    const delta = after.initialWindowSize - before.initialWindowSize;
    if (delta !== 0) sender.initialWindowChanged(streams.values(), delta);
    if (!this.seen) {
      this.seen = true;
      watch.prefaceCame();
    }
    handler.onSettings?.();
    this.#connection.streamsChanged();
  }

  #acknowledged(): void {
    const { guard, watch, receiver, streams } = this.#connection;
    if (this.#unacknowledged === 0) {
      guard.control();
      return;
    }
    this.#unacknowledged--;
    if (this.#unacknowledged > 0) return;
    watch.settingsAcknowledged();
    this.#decoder.settingsAcknowledged();
    // A smaller initial window holds from here on, for open streams too (RFC 9113, section 6.9.2).
    const delta = this.local.initialWindowSize - this.receiveWindow;
    this.receiveWindow = this.local.initialWindowSize;
    if (delta < 0) for (const stream of streams.values()) receiver.narrowed(stream, delta);
  }
}
