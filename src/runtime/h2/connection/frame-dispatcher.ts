import * as ErrorCode from "../error-code.js";
import { ConnectionError, peerFault } from "../errors.js";
import type { Sender } from "../flow/sender.js";
import { type GrowthOwner, WindowGrowth } from "../flow/window-growth.js";
import type { FrameListener } from "../frames/deframer.js";
import * as Flag from "../frames/flag.js";
import { checkFrameHeader, frameTypeName } from "../frames/frame-rules.js";
import * as FrameType from "../frames/frame-type.js";
import type { FrameWriter } from "../frames/frame-writer.js";
import { readUint31, readUint32 } from "../frames/integers.js";
import { type DecodedHeaders, type HpackDecoder, HpackError } from "../hpack/index.js";
import type { ResolvedOptions } from "../options.js";
import type { EngineStream } from "../streams/engine-stream.js";
import type { IdleNotice } from "../streams/idle-notice.js";
import * as StreamState from "../streams/stream-state.js";
import { type DataOwner, DataReader } from "./data-reader.js";
import { closedThere } from "./endings.js";
import { HeaderBlock } from "./header-block.js";
import type { Pings } from "./pings.js";
import type { SettingsExchange } from "./settings-exchange.js";

/** The connection, as the dispatcher of its frames sees it. */
export interface DispatcherOwner extends DataOwner, GrowthOwner {
  readonly closed: boolean;
  readonly isClient: boolean;
  readonly options: ResolvedOptions;
  readonly handler: {
    onPing?(): void;
    onGoaway?(lastStreamId: number, code: number, debug: string): void;
  };
  readonly writer: FrameWriter;
  readonly sender: Sender;
  readonly pings: Pings;
  readonly idle: IdleNotice;
  goingAway: boolean;
  goawayError: ConnectionError | undefined;
  /** A header list on a stream that is not open. `faulty`: it is to be refused whatever it says. */
  newStream(streamId: number, decoded: DecodedHeaders, endStream: boolean, faulty: boolean): void;
  /** A header list on an open stream. */
  moreHeaders(stream: EngineStream, decoded: DecodedHeaders, endStream: boolean): void;
  /** Whether this stream is idle: not opened yet. */
  isIdle(streamId: number): boolean;
  /** A GOAWAY came, and was told. */
  wentAway(lastStreamId: number): void;
}

/** Thrown to leave the bytes behind a frame that ended the connection unread. */
const OVER = new Error("the connection is over");

/** What each frame of the peer's does (RFC 9113, section 6). Throws where a rule about the connection is broken. */
export class FrameDispatcher implements FrameListener {
  readonly #connection: DispatcherOwner;
  readonly #decoder: HpackDecoder;
  readonly #settings: SettingsExchange;
  readonly #block: HeaderBlock;
  readonly #data: DataReader;
  readonly #growth: WindowGrowth;
  /** Frames and header blocks so far, from 1. */
  #frames = 1;

  constructor(connection: DispatcherOwner, decoder: HpackDecoder, settings: SettingsExchange) {
    this.#connection = connection;
    this.#decoder = decoder;
    this.#settings = settings;
    this.#block = new HeaderBlock(connection.options.limits);
    this.#data = new DataReader(connection);
    this.#growth = new WindowGrowth(connection);
  }

  /** The number of the header block that has begun and not ended; 0 where none has. */
  get openBlock(): number {
    return this.#block.streamId === 0 ? 0 : this.#frames;
  }

  /** The number of the frame that comes. */
  get nextFrame(): number {
    return this.#frames;
  }

  /** @internal */
  frameStart(type: number, flags: number, streamId: number, length: number): void {
    this.#data.pause(type === FrameType.DATA ? streamId : 0);
    this.#connection.idle.deliver();
    if (this.#connection.closed) throw OVER;
    this.#checkSize(length);
    if (type === FrameType.DATA && streamId !== 0 && this.#block.streamId === 0 && this.#settings.seen) {
      this.#connection.receiver.arrived(length);
      this.#growth.received(length);
      this.#data.start(flags, streamId, length);
      return;
    }
    this.#checkOrder(type, streamId);
    checkFrameHeader(type, flags, streamId, length);
  }

  /** RFC 9113, section 4.2 */
  #checkSize(length: number): void {
    const { maxFrameSize } = this.#settings.local; // it holds from when it was sent
    if (length <= maxFrameSize) return;
    const text = `a frame of ${length} bytes; at most ${maxFrameSize} were allowed`;
    throw peerFault(ErrorCode.FRAME_SIZE_ERROR, text);
  }

  /** All that came at once has been read. */
  pause(): void {
    this.#data.pause();
  }

  /** @internal */
  dataPart(bytes: Uint8Array, start: number, end: number, last: boolean): void {
    this.#data.part(bytes, start, end, last);
  }

  /** @internal */
  frame(type: number, flags: number, streamId: number, bytes: Uint8Array, start: number, end: number): void {
    if (this.#block.streamId === 0) this.#frames++;
    switch (type) {
      case FrameType.HEADERS:
        if (this.#block.start(flags, streamId, bytes, start, end)) this.#headers(streamId);
        return;
      case FrameType.CONTINUATION:
        if (this.#block.continue(flags, bytes, start, end)) this.#headers(streamId);
        return;
      case FrameType.RST_STREAM:
        this.#rstStream(streamId, readUint32(bytes, start));
        return;
      case FrameType.WINDOW_UPDATE:
        this.#windowUpdate(streamId, readUint31(bytes, start));
        return;
      case FrameType.SETTINGS:
        this.#settings.received(flags, bytes, start, end);
        return;
      case FrameType.PING:
        this.#ping(flags, bytes, start);
        return;
      case FrameType.GOAWAY:
        this.#goaway(readUint31(bytes, start), readUint32(bytes, start + 4), bytes, start + 8, end);
        return;
      case FrameType.PRIORITY:
        this.#connection.guard.control();
        // Deprecated and ignored (RFC 9113, section 5.3.2), but for what RFC 7540, section 5.3.1 calls an error.
        if (readUint31(bytes, start) === streamId)
          throw peerFault(ErrorCode.PROTOCOL_ERROR, "a stream depends on itself");
        return;
      default: // RFC 9113, section 5.5
        this.#connection.guard.control();
    }
  }

  #headers(streamId: number): void {
    const block = this.#block;
    const decoded = this.#decode(block);
    const stream = this.#connection.streams.get(streamId);
    this.#connection.guard.earnControls(0);
    if (stream === undefined) {
      this.#connection.newStream(streamId, decoded, block.endStream, block.dependsOnItself);
    } else if (block.dependsOnItself) {
      this.#connection.streams.fail(stream, ErrorCode.PROTOCOL_ERROR, "a stream that depends on itself");
    } else if ((stream.state & StreamState.RECEIVED_END) !== 0) {
      // RFC 9113, section 5.1, "half-closed (remote)"
      this.#connection.streams.fail(stream, ErrorCode.STREAM_CLOSED, "HEADERS after END_STREAM");
    } else {
      this.#connection.moreHeaders(stream, decoded, block.endStream);
    }
  }

  #decode(block: HeaderBlock): DecodedHeaders {
    try {
      return this.#decoder.decode(block.bytes, block.from, block.to);
    } catch (error) {
      if (!(error instanceof HpackError)) throw error;
      throw new ConnectionError(ErrorCode.COMPRESSION_ERROR, error.message, "local", { cause: error });
    }
  }

  /** RFC 9113, section 6.4 */
  #rstStream(streamId: number, code: number): void {
    const stream = this.#connection.streams.get(streamId);
    if (stream === undefined) {
      this.#connection.strayFrame(FrameType.RST_STREAM, streamId);
      this.#connection.streams.recentlyReset.remove(streamId);
      return;
    }
    this.#connection.streams.drop(stream, code, "peer");
    if (!this.#connection.isClient) this.#connection.guard.reset();
  }

  /** RFC 9113, section 6.9 */
  #windowUpdate(streamId: number, increment: number): void {
    this.#connection.guard.control();
    if (streamId === 0) {
      if (increment === 0) throw peerFault(ErrorCode.PROTOCOL_ERROR, "WINDOW_UPDATE of 0");
      this.#connection.sender.windowUpdate(undefined, increment);
      return;
    }
    const stream = this.#connection.streams.get(streamId);
    if (stream === undefined) {
      if (this.#connection.isIdle(streamId)) this.#connection.strayFrame(FrameType.WINDOW_UPDATE, streamId);
    } else if (increment === 0) {
      this.#connection.streams.fail(stream, ErrorCode.PROTOCOL_ERROR, "WINDOW_UPDATE of 0");
    } else {
      this.#connection.sender.windowUpdate(stream, increment);
    }
  }

  /** RFC 9113, section 6.7 */
  #ping(flags: number, bytes: Uint8Array, start: number): void {
    if ((flags & Flag.ACK) !== 0) {
      this.#connection.pings.answered(bytes, start);
      return;
    }
    this.#connection.guard.control();
    this.#connection.writer.ping(bytes, start, true);
    this.#connection.handler.onPing?.();
  }

  /** RFC 9113, section 6.8 */
  #goaway(lastStreamId: number, code: number, bytes: Uint8Array, start: number, end: number): void {
    this.#connection.guard.control();
    let debug = "";
    for (let at = start; at < Math.min(end, start + 1024); at++) debug += String.fromCharCode(bytes[at]!);
    this.#connection.goingAway = true;
    if (code !== ErrorCode.NO_ERROR) this.#connection.goawayError = closedThere(code, debug);
    this.#connection.handler.onGoaway?.(lastStreamId, code, debug);
    if (!this.#connection.closed) this.#connection.wentAway(lastStreamId);
  }

  /** RFC 9113, sections 3.4 and 6.10 */
  #checkOrder(type: number, streamId: number): void {
    if (!this.#settings.seen && type !== FrameType.SETTINGS) {
      throw peerFault(ErrorCode.PROTOCOL_ERROR, `${frameTypeName(type)} before SETTINGS`);
    }
    const open = this.#block.streamId;
    if (open === 0 ? type === FrameType.CONTINUATION : type !== FrameType.CONTINUATION || streamId !== open) {
      const what = open === 0 ? "without HEADERS" : "inside of a header block";
      throw peerFault(ErrorCode.PROTOCOL_ERROR, `${frameTypeName(type)} ${what}`);
    }
  }
}
