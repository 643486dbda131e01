import { AbuseGuard } from "../abuse-guard.js";
import type { Environment } from "../environment.js";
import { ConnectionError, ErrorCode, errorCodeName } from "../errors.js";
import { BdpEstimator } from "../flow/bdp-estimator.js";
import { Receiver } from "../flow/receiver.js";
import { Sender } from "../flow/sender.js";
import { Flag, FrameType, MAX_31_BIT } from "../frames/constants.js";
import { Deframer, type FrameListener } from "../frames/deframer.js";
import { checkFrameHeader, frameTypeName } from "../frames/frame-rules.js";
import { FrameWriter } from "../frames/frame-writer.js";
import { readUint31, readUint32 } from "../frames/integers.js";
import { trailersFault } from "../headers/index.js";
import { HeadersMemo } from "../headers-memo.js";
import { type DecodedHeaders, HpackDecoder, HpackEncoder, HpackError } from "../hpack/index.js";
import type { ConnectionOptions, ResolvedOptions } from "../options.js";
import { resolveOptions } from "../options.js";
import type { Batch, OwnedBatch } from "../output/batch.js";
import { Output } from "../output/output.js";
import { DEFAULT_SETTINGS, type Settings } from "../settings.js";
import { type EngineStream, StreamState } from "../streams/engine-stream.js";
import { RecentlyReset } from "../streams/recently-reset.js";
import type { HeaderList, ResetCause } from "../streams/stream.js";
import type { Connection, ConnectionHandler } from "./connection.js";
import { DataReader } from "./data-reader.js";
import { HeaderBlock } from "./header-block.js";
import { Pings } from "./pings.js";
import { announcement, readSettings } from "./settings-exchange.js";
import { Watch } from "./watch.js";

/** Thrown to leave the bytes behind a frame that ended the connection unread. */
const OVER = new Error("the connection is over");

const BOTH_ENDS = StreamState.SENT_END | StreamState.RECEIVED_END;

/** What both roles have in common: frames are dispatched here, streams live here, faults end here. */
export abstract class ConnectionBase implements Connection, FrameListener {
  peerSettings: Settings = DEFAULT_SETTINGS;
  localSettings: Settings;
  lastReceivedAt: number;
  closed = false;
  goingAway = false;
  /** @internal */
  readonly writer: FrameWriter;
  /** @internal */
  readonly sender: Sender;
  /** @internal */
  readonly receiver: Receiver;
  /** @internal */
  readonly streams: Map<number, EngineStream> = new Map();
  /** @internal */
  readonly recentlyReset: RecentlyReset = new RecentlyReset();
  /** @internal */
  readonly guard: AbuseGuard;
  /** @internal */
  readonly options: ResolvedOptions;
  /** @internal What a peer may count on until it has acknowledged our SETTINGS. */
  receiveWindow: number;
  protected readonly environment: Environment;
  protected readonly pings: Pings;
  protected readonly watch: Watch;
  protected readonly output: Output;
  /** The highest id of the peer's streams that came. */
  protected lastPeerStreamId = 0;
  /** The error of the peer's GOAWAY. */
  protected goawayError: ConnectionError | undefined;
  readonly #handler: ConnectionHandler;
  readonly #deframer: Deframer;
  readonly #encoder: HpackEncoder;
  readonly #decoder: HpackDecoder;
  readonly #block: HeaderBlock;
  readonly #data: DataReader;
  readonly #bdp: BdpEstimator;
  readonly #trailers: HeadersMemo = new HeadersMemo(trailersFault);
  readonly #isClient: boolean;
  /** SETTINGS of ours that are not acknowledged. */
  #unacknowledged = 0;
  #settingsSeen = false;
  #receiving = false;
  /** Frames and header blocks so far, from 1. */
  #frames = 1;
  /** The last stream ended, and nobody was told yet. */
  #becameIdle = false;

  constructor(handler: ConnectionHandler, environment: Environment, options: ConnectionOptions, isClient: boolean) {
    const resolved = resolveOptions(options);
    const { limits } = resolved;
    this.options = resolved;
    this.environment = environment;
    this.#handler = handler;
    this.#isClient = isClient;
    this.lastReceivedAt = environment.now();
    this.localSettings = {
      headerTableSize: resolved.headerTableSize,
      enablePush: false,
      maxConcurrentStreams: isClient ? Number.POSITIVE_INFINITY : resolved.maxConcurrentStreams,
      initialWindowSize: resolved.initialWindowSize,
      maxFrameSize: resolved.maxFrameSize,
      maxHeaderListSize: limits.maxHeaderListSize,
      enableConnectProtocol: !isClient && resolved.enableConnectProtocol,
    };
    this.output = new Output(environment, () => handler.onOutput());
    this.#encoder = new HpackEncoder({
      maxTableSize: resolved.encoderTableSize,
      ...(resolved.sensitive === undefined ? {} : { sensitive: resolved.sensitive }),
    });
    this.#decoder = new HpackDecoder({
      maxTableSize: resolved.headerTableSize,
      maxListSize: limits.maxHeaderListSize,
      maxPairs: limits.maxHeaderPairs,
    });
    this.writer = new FrameWriter(this.output, this.#encoder);
    this.sender = new Sender(this, environment, this.output, resolved.maxOutputBytes);
    this.receiver = new Receiver(this, resolved.initialWindowSize, resolved.windowBudget);
    this.receiveWindow = Math.max(DEFAULT_SETTINGS.initialWindowSize, resolved.initialWindowSize);
    this.guard = new AbuseGuard(limits, () => environment.now());
    this.pings = new Pings(this.writer, environment);
    this.#block = new HeaderBlock(limits);
    this.#data = new DataReader(this);
    this.#bdp = new BdpEstimator(resolved.initialWindowSize, resolved.maxWindowSize);
    this.#deframer = new Deframer(this, resolved.maxFrameSize);
    this.watch = new Watch(environment, limits, (text) => this.close(ErrorCode.ENHANCE_YOUR_CALM, text));
  }

  get openStreams(): number {
    return this.streams.size;
  }

  get queuedBytes(): number {
    return this.sender.queuedBytes + this.output.unsent;
  }

  get unreadBytes(): number {
    return this.receiver.unreadBytes;
  }

  receive(bytes: Uint8Array): void {
    if (this.closed || bytes.length === 0) return;
    if (this.#receiving) throw new Error("receive inside of receive");
    this.#receiving = true;
    this.lastReceivedAt = this.environment.now();
    try {
      const from = this.preface(bytes);
      if (from < bytes.length) this.#deframer.push(bytes, from);
      const waiting = this.#deframer.waiting || this.#block.streamId !== 0;
      if (!this.closed) this.watch.awaitFrame(waiting ? this.#frames : 0, this.lastReceivedAt);
    } catch (error) {
      this.fail(error);
    } finally {
      this.#receiving = false;
    }
    this.#settle();
  }

  receiveEnd(error?: Error): void {
    if (this.closed) return;
    const expected = error === undefined && this.goingAway && this.streams.size === 0;
    const text = error === undefined ? "the peer closed the byte stream" : error.message;
    this.#end(
      expected
        ? this.goawayError
        : (this.goawayError ??
            new ConnectionError(ErrorCode.NO_ERROR, text, "transport", error === undefined ? {} : { cause: error })),
    );
  }

  take(): Batch | undefined {
    return this.output.take();
  }

  done(batch: Batch): void {
    // Batches come from `take` alone, and that makes owned ones.
    this.output.done(batch as OwnedBatch);
    if (!this.closed) this.sender.pump();
  }

  ping(callback: (rtt: number) => void): void {
    if (!this.closed) this.pings.send(callback);
  }

  updateSettings(settings: Partial<Pick<Settings, "maxConcurrentStreams">>): void {
    if (this.closed) return;
    this.localSettings = { ...this.localSettings, ...settings };
    this.#announce();
  }

  abstract shutdown(debug?: string): void;

  close(code: number = ErrorCode.NO_ERROR, debug = ""): void {
    if (this.closed) return;
    const text = debug === "" ? errorCodeName(code) : `${errorCodeName(code)}: ${debug}`;
    this.writer.goaway(this.lastPeerStreamId, code, text);
    this.#end(new ConnectionError(code, text, "local"));
  }

  // Frames ------------------------------------------------------------------------------------------------------------

  /** @internal */
  frameStart(type: number, flags: number, streamId: number, length: number): void {
    if (this.closed) throw OVER;
    if (type === FrameType.DATA && streamId !== 0 && this.#block.streamId === 0 && this.#settingsSeen) {
      this.receiver.arrived(length);
      if (this.#bdp.received(length)) this.#sample();
      this.#data.start(flags, streamId, length);
      return;
    }
    this.#checkOrder(type, streamId);
    checkFrameHeader(type, flags, streamId, length);
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
        this.#settings(flags, bytes, start, end);
        return;
      case FrameType.PING:
        this.#ping(flags, bytes, start);
        return;
      case FrameType.GOAWAY:
        this.#goaway(readUint31(bytes, start), readUint32(bytes, start + 4), bytes, start + 8, end);
        return;
      case FrameType.PRIORITY:
        this.#control();
        // Deprecated and ignored (RFC 9113, section 5.3.2), but for what RFC 7540, section 5.3.1 calls an error.
        if (readUint31(bytes, start) === streamId)
          throw this.fault(ErrorCode.PROTOCOL_ERROR, "a stream depends on itself");
        return;
      default: // RFC 9113, section 5.5
        this.#control();
    }
  }

  // What streams and flow control need --------------------------------------------------------------------------------

  /** @internal A frame came on a stream that is not there: it is over, or it was never opened. */
  strayFrame(type: number, streamId: number): void {
    // RFC 9113, section 5.1, "idle"
    if (this.isIdle(streamId))
      throw this.fault(ErrorCode.PROTOCOL_ERROR, `${frameTypeName(type)} on a stream that was never opened`);
    this.guard.strayFrame();
  }

  /** @internal Our END_STREAM was written. */
  sentEnd(stream: EngineStream): void {
    stream.state |= StreamState.SENT_END;
    if ((stream.state & BOTH_ENDS) !== BOTH_ENDS) return;
    this.#ended(stream);
    this.#settle();
  }

  /** @internal The peer's END_STREAM came, and its handler knows. */
  receivedEnd(stream: EngineStream): void {
    if ((stream.state & BOTH_ENDS) === BOTH_ENDS) this.#ended(stream);
  }

  /** @internal A DATA frame was written. */
  sentData(): void {
    this.guard.earnControls();
  }

  /** @internal The peer's window let through a crumb. */
  dribbled(): void {
    this.guard.control();
    this.guard.control();
    this.guard.control();
  }

  /** @internal RST_STREAM by our user. */
  resetStream(stream: EngineStream, code: number): void {
    if (stream.closed) return;
    this.sender.forget(stream);
    this.writer.rstStream(stream.id, code);
    this.#rememberReset(stream);
    this.#remove(stream);
    this.#settle();
  }

  /** @internal The peer broke a rule on one stream (RFC 9113, section 5.4.2). */
  streamError(stream: EngineStream, code: number, text: string): void {
    if (stream.closed) return;
    this.resetStream(stream, code);
    stream.handler.onReset(code, "local", text);
    if (!this.#isClient) this.guard.reset();
  }

  /** @internal */
  fault(code: number, text: string): ConnectionError {
    return new ConnectionError(code, text, "local");
  }

  /** Why trailers are malformed (RFC 9113, section 8.1). */
  protected trailersFault(stream: EngineStream, headers: HeaderList, endStream: boolean): string | undefined {
    if (!endStream) return "trailers that do not end the stream";
    return stream.contentLeft > 0 ? "less data than content-length says" : this.#trailers.fault(headers);
  }

  // What the roles say ------------------------------------------------------------------------------------------------

  /** Reads what comes before the first frame; returns where frames begin. */
  protected abstract preface(bytes: Uint8Array): number;
  /** A header list on a stream that is not open. `faulty`: it is to be refused whatever it says. */
  protected abstract newStream(streamId: number, decoded: DecodedHeaders, endStream: boolean, faulty: boolean): void;
  /** A header list on an open stream. */
  protected abstract moreHeaders(stream: EngineStream, decoded: DecodedHeaders, endStream: boolean): void;
  /** @internal Whether frames on a stream that is over may be late, and no fault. */
  mayBeLate(streamId: number): boolean {
    return this.recentlyReset.mayHave(streamId);
  }

  /** @internal Whether nobody has opened this stream yet. */
  abstract isIdle(streamId: number): boolean;
  /** The peer allows more or fewer streams, or one ended. */
  protected abstract streamsChanged(): void;
  /** The connection is over: timers of a role's own end. */
  protected ended(): void {}
  /** A GOAWAY came, and was told. */
  protected abstract wentAway(lastStreamId: number): void;

  /** Says SETTINGS and the connection's window; first of all that is sent, but for a client's preface. */
  protected start(): void {
    this.#announce();
    this.receiver.start();
    this.watch.awaitPreface();
  }

  /** Ends the connection in peace once nothing is open. */
  protected finishIfIdle(): void {
    if (!this.closed && this.goingAway && this.streams.size === 0) this.#end(this.goawayError);
  }

  /** Takes a stream out that came to no proper end. */
  protected drop(stream: EngineStream, code: number, cause: ResetCause): void {
    this.sender.forget(stream);
    this.#remove(stream);
    stream.handler.onReset(code, cause);
  }

  #headers(streamId: number): void {
    const block = this.#block;
    const decoded = this.#decode(block);
    const stream = this.streams.get(streamId);
    this.guard.earnControls();
    if (stream === undefined) {
      this.newStream(streamId, decoded, block.endStream, block.dependsOnItself);
    } else if (block.dependsOnItself) {
      this.streamError(stream, ErrorCode.PROTOCOL_ERROR, "a stream that depends on itself");
    } else if ((stream.state & StreamState.RECEIVED_END) !== 0) {
      // RFC 9113, section 5.1, "half-closed (remote)"
      this.streamError(stream, ErrorCode.STREAM_CLOSED, "HEADERS after END_STREAM");
    } else {
      this.moreHeaders(stream, decoded, block.endStream);
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
    const stream = this.streams.get(streamId);
    if (stream === undefined) {
      this.strayFrame(FrameType.RST_STREAM, streamId);
      this.recentlyReset.remove(streamId);
      return;
    }
    this.drop(stream, code, "peer");
    if (!this.#isClient) this.guard.reset();
  }

  /** RFC 9113, section 6.9 */
  #windowUpdate(streamId: number, increment: number): void {
    this.#control();
    if (streamId === 0) {
      if (increment === 0) throw this.fault(ErrorCode.PROTOCOL_ERROR, "WINDOW_UPDATE of 0");
      this.sender.windowUpdate(undefined, increment);
      return;
    }
    const stream = this.streams.get(streamId);
    if (stream === undefined) {
      if (this.isIdle(streamId)) this.strayFrame(FrameType.WINDOW_UPDATE, streamId);
    } else if (increment === 0) {
      this.streamError(stream, ErrorCode.PROTOCOL_ERROR, "WINDOW_UPDATE of 0");
    } else {
      this.sender.windowUpdate(stream, increment);
    }
  }

  /** RFC 9113, section 6.5 */
  #settings(flags: number, bytes: Uint8Array, start: number, end: number): void {
    if ((flags & Flag.ACK) !== 0) {
      this.#settingsAcknowledged();
      return;
    }
    this.#control();
    const before = this.peerSettings;
    const after = readSettings(before, bytes, start, end, this.#isClient);
    this.peerSettings = after;
    this.writer.maxFrameSize = after.maxFrameSize;
    if (after.headerTableSize !== before.headerTableSize) this.#encoder.setPeerTableSize(after.headerTableSize);
    this.writer.settingsAck();
    const delta = after.initialWindowSize - before.initialWindowSize;
    if (delta !== 0) this.sender.initialWindowChanged(this.streams.values(), delta);
    if (!this.#settingsSeen) {
      this.#settingsSeen = true;
      this.watch.prefaceCame();
    }
    this.#handler.onSettings?.();
    this.streamsChanged();
  }

  #settingsAcknowledged(): void {
    if (this.#unacknowledged === 0) {
      this.#control();
      return;
    }
    this.#unacknowledged--;
    if (this.#unacknowledged > 0) return;
    this.watch.settingsAcknowledged();
    this.#decoder.settingsAcknowledged();
    // A smaller initial window holds from here on, for open streams too (RFC 9113, section 6.9.2).
    const delta = this.localSettings.initialWindowSize - this.receiveWindow;
    this.receiveWindow = this.localSettings.initialWindowSize;
    if (delta < 0) for (const stream of this.streams.values()) this.receiver.narrowed(stream, delta);
  }

  /** RFC 9113, section 6.7 */
  #ping(flags: number, bytes: Uint8Array, start: number): void {
    if ((flags & Flag.ACK) !== 0) {
      this.pings.answered(bytes, start);
      return;
    }
    this.#control();
    this.writer.ping(bytes, start, true);
    this.#handler.onPing?.();
  }

  /** RFC 9113, section 6.8 */
  #goaway(lastStreamId: number, code: number, bytes: Uint8Array, start: number, end: number): void {
    this.#control();
    let debug = "";
    for (let at = start; at < Math.min(end, start + 1024); at++) debug += String.fromCharCode(bytes[at]!);
    this.goingAway = true;
    if (code !== ErrorCode.NO_ERROR) {
      const text = debug === "" ? errorCodeName(code) : `${errorCodeName(code)}: ${debug}`;
      this.goawayError = new ConnectionError(code, `the peer said GOAWAY ${text}`, "remote");
    }
    this.#handler.onGoaway?.(lastStreamId, code, debug);
    if (!this.closed) this.wentAway(lastStreamId);
  }

  /** A frame that costs us an answer, or does nothing. */
  #control(): void {
    this.guard.control();
    if (this.output.controlBytes > this.options.limits.maxControlBacklog) {
      throw this.fault(ErrorCode.ENHANCE_YOUR_CALM, "answers pile up that the peer does not read");
    }
  }

  /** RFC 9113, sections 3.4 and 6.10 */
  #checkOrder(type: number, streamId: number): void {
    if (!this.#settingsSeen && type !== FrameType.SETTINGS) {
      throw this.fault(ErrorCode.PROTOCOL_ERROR, `${frameTypeName(type)} before SETTINGS`);
    }
    const open = this.#block.streamId;
    if (open === 0 ? type === FrameType.CONTINUATION : type !== FrameType.CONTINUATION || streamId !== open) {
      const what = open === 0 ? "without HEADERS" : "inside of a header block";
      throw this.fault(ErrorCode.PROTOCOL_ERROR, `${frameTypeName(type)} ${what}`);
    }
  }

  #announce(): void {
    this.#unacknowledged++;
    this.writer.settings(announcement(this.localSettings, this.#isClient));
    this.watch.awaitSettingsAck();
  }

  #sample(): void {
    this.#bdp.sent(this.environment.now());
    this.pings.send(() => {
      const window = this.#bdp.answered(this.environment.now());
      if (window === 0) return;
      this.receiver.streamWindow = window;
      this.receiver.resize(Math.min(2 * window, MAX_31_BIT));
    });
  }

  /** Both sides said END_STREAM. */
  #ended(stream: EngineStream): void {
    if (stream.closed) return;
    this.guard.earnReset();
    this.#remove(stream);
  }

  #rememberReset(stream: EngineStream): void {
    if ((stream.state & StreamState.RECEIVED_END) === 0) {
      this.recentlyReset.add(stream.id, Math.max(stream.receiveWindow, 0));
    }
  }

  #remove(stream: EngineStream): void {
    stream.state |= StreamState.CLOSED;
    this.receiver.forget(stream);
    this.streams.delete(stream.id);
    this.streamsChanged();
    if (this.streams.size === 0) this.#becameIdle = true;
  }

  /** Tells that nothing is open any more; not from inside of what told a stream's handler so. */
  #settle(): void {
    if (!this.#becameIdle || this.#receiving) return;
    this.#becameIdle = false;
    if (this.closed || this.streams.size > 0) return;
    this.#handler.onIdle?.();
    this.finishIfIdle();
  }

  /** @internal What was thrown while bytes were read or sent: a fault of the peer's, or a bug. */
  fail(error: unknown): void {
    if (this.closed) return;
    const fault =
      error instanceof ConnectionError
        ? error
        : new ConnectionError(ErrorCode.INTERNAL_ERROR, "a handler threw", "local", { cause: error });
    const text = `${errorCodeName(fault.code)}: ${fault.message}`;
    this.writer.goaway(this.lastPeerStreamId, fault.code, text);
    this.#end(new ConnectionError(fault.code, text, "local", { cause: fault.cause ?? fault }));
  }

  #end(error: ConnectionError | undefined): void {
    this.closed = true;
    this.goingAway = true;
    this.ended();
    this.watch.clear();
    this.pings.clear();
    const streams = [...this.streams.values()];
    this.streams.clear();
    for (const stream of streams) {
      this.sender.forget(stream);
      stream.state |= StreamState.CLOSED;
      this.receiver.forget(stream);
    }
    for (const stream of streams)
      quietly(() => stream.handler.onReset(error?.code ?? ErrorCode.NO_ERROR, "connection"));
    this.#handler.onClose(error);
  }
}

/** One handler's fault keeps no other from hearing of the end. */
function quietly(call: () => void): void {
  try {
    call();
  } catch {
    // The connection is over already; there is nobody left to tell.
  }
}
