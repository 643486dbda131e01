import { Deframer } from "../frames/deframer.js";
import { HpackDecoder, type HpackEncoder } from "../hpack/index.js";
import { type DispatcherOwner, FrameDispatcher } from "./frame-dispatcher.js";
import { SettingsExchange, type SettingsOwner } from "./settings-exchange.js";

/** Reads what comes: cuts it into frames, does what each says, and watches that a frame that has begun also ends. */
export class Incoming {
  readonly settings: SettingsExchange;
  readonly #watch: SettingsOwner["watch"];
  readonly #dispatcher: FrameDispatcher;
  readonly #deframer: Deframer;

  /** @param encoder Is told how large a table the peer allows. */
  constructor(connection: DispatcherOwner & SettingsOwner, encoder: HpackEncoder) {
    const { headerTableSize, limits } = connection.options;
    const decoder = new HpackDecoder({
      maxTableSize: headerTableSize,
      maxListSize: limits.maxHeaderListSize,
      maxPairs: limits.maxHeaderPairs,
    });
    this.settings = new SettingsExchange(connection, encoder, decoder);
    this.#watch = connection.watch;
    this.#dispatcher = new FrameDispatcher(connection, decoder, this.settings);
    this.#deframer = new Deframer(this.#dispatcher);
  }

  /** @throws ConnectionError; what a handler throws passes through. */
  push(bytes: Uint8Array, from: number): void {
    try {
      this.#deframer.push(bytes, from);
    } finally {
      // Before the connection's end is told, if that is what follows.
      this.#dispatcher.pause();
    }
  }

  /** All that came has been read. */
  pause(now: number): void {
    const { nextFrame, openBlock } = this.#dispatcher;
    this.#watch.awaitFrame(this.#deframer.waiting ? nextFrame : openBlock, now);
  }
}
