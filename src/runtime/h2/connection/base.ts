import { AbuseGuard } from "../abuse-guard.js";
import type { Environment } from "../environment.js";
import { ConnectionError, ErrorCode, errorCodeName } from "../errors.js";
import { Receiver } from "../flow/receiver.js";
import { Sender } from "../flow/sender.js";
import { Deframer } from "../frames/deframer.js";
import { frameTypeName } from "../frames/frame-rules.js";
import { FrameWriter } from "../frames/frame-writer.js";
import { trailersFault } from "../headers/index.js";
import { HeadersMemo } from "../headers-memo.js";
import { type DecodedHeaders, HpackDecoder, HpackEncoder } from "../hpack/index.js";
import type { ConnectionOptions, ResolvedOptions } from "../options.js";
import { resolveOptions } from "../options.js";
import type { Batch, OwnedBatch } from "../output/batch.js";
import { Output } from "../output/output.js";
import { DEFAULT_SETTINGS, type Settings } from "../settings.js";
import { type EngineStream, StreamState } from "../streams/engine-stream.js";
import { RecentlyReset } from "../streams/recently-reset.js";
import type { HeaderList, ResetCause } from "../streams/stream.js";
import type { Connection, ConnectionHandler } from "./connection.js";
import { FrameDispatcher } from "./frame-dispatcher.js";
import { Pings } from "./pings.js";
import { SettingsExchange } from "./settings-exchange.js";
import { Watch } from "./watch.js";

const BOTH_ENDS = StreamState.SENT_END | StreamState.RECEIVED_END;

/** What both roles have in common: frames are dispatched here, streams live here, faults end here. */
export abstract class ConnectionBase implements Connection {
  peerSettings: Settings = DEFAULT_SETTINGS;
  localSettings: Settings;
  lastReceivedAt: number;
  closed = false;
  goingAway = false;
  error: ConnectionError | undefined = undefined;
  sentFrames = 0;
  /** @internal */
  readonly handler: ConnectionHandler;
  /** @internal */
  readonly isClient: boolean;
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
  /** @internal */
  readonly environment: Environment;
  /** @internal */
  readonly pings: Pings;
  /** @internal */
  readonly watch: Watch;
  /** @internal */
  readonly output: Output;
  /** The highest id of the peer's streams that came. */
  protected lastPeerStreamId = 0;
  /** @internal The error of the peer's GOAWAY. */
  goawayError: ConnectionError | undefined;
  readonly #deframer: Deframer;
  readonly #dispatcher: FrameDispatcher;
  readonly #settings: SettingsExchange;
  readonly #trailers: HeadersMemo = new HeadersMemo(trailersFault);
  #receiving = false;
  /** The last stream ended, and nobody was told yet. */
  #becameIdle = false;

  constructor(handler: ConnectionHandler, environment: Environment, options: ConnectionOptions, isClient: boolean) {
    const resolved = resolveOptions(options);
    const { limits } = resolved;
    this.options = resolved;
    this.environment = environment;
    this.handler = handler;
    this.isClient = isClient;
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
    const encoder = new HpackEncoder({
      maxTableSize: resolved.encoderTableSize,
      ...(resolved.sensitive === undefined ? {} : { sensitive: resolved.sensitive }),
    });
    const decoder = new HpackDecoder({
      maxTableSize: resolved.headerTableSize,
      maxListSize: limits.maxHeaderListSize,
      maxPairs: limits.maxHeaderPairs,
    });
    this.writer = new FrameWriter(this.output, encoder);
    this.sender = new Sender(this, environment, this.output, resolved.maxOutputBytes);
    this.receiver = new Receiver(this, resolved.initialWindowSize, resolved.windowBudget, resolved.maxWindowSize);
    this.receiveWindow = Math.max(DEFAULT_SETTINGS.initialWindowSize, resolved.initialWindowSize);
    this.guard = new AbuseGuard(limits, () => environment.now());
    this.pings = new Pings(this.writer, environment);
    this.watch = new Watch(environment, limits, (text) => this.close(ErrorCode.ENHANCE_YOUR_CALM, text));
    this.#settings = new SettingsExchange(this, encoder, decoder);
    this.#dispatcher = new FrameDispatcher(this, decoder, this.#settings);
    this.#deframer = new Deframer(this.#dispatcher);
  }

  get openStreams(): number {
    return this.streams.size;
  }

  /** @internal It goes away, and nothing is open any more. */
  get finishing(): boolean {
    return this.goingAway && this.streams.size === 0;
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
      const { nextFrame, openBlock } = this.#dispatcher;
      if (!this.closed) this.watch.awaitFrame(this.#deframer.waiting ? nextFrame : openBlock, this.lastReceivedAt);
    } catch (error) {
      this.fail(error);
    } finally {
      this.#receiving = false;
    }
    this.#settle();
  }

  receiveEnd(error?: Error): void {
    if (this.closed) return;
    const expected = error === undefined && this.finishing;
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
    this.#settings.announce();
  }

  abstract shutdown(debug?: string): void;

  close(code: number = ErrorCode.NO_ERROR, debug = ""): void {
    if (this.closed) return;
    const text = debug === "" ? errorCodeName(code) : `${errorCodeName(code)}: ${debug}`;
    this.writer.goaway(this.lastPeerStreamId, code, debug);
    this.#end(new ConnectionError(code, text, "local"));
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
  sentData(bytes: number): void {
    this.sentFrames++;
    this.guard.earnControls(bytes);
  }

  /** @internal */
  muchOutput(): void {
    this.handler.onMuchOutput?.();
  }

  /** @internal The peer's window let through a crumb. */
  dribbled(): void {
    this.guard.control();
    this.guard.control();
    this.guard.control();
  }

  /** @internal A frame that costs us an answer, or does nothing. */
  control(): void {
    this.guard.control();
    if (this.output.controlBytes > this.options.limits.maxControlBacklog) {
      throw this.fault(ErrorCode.ENHANCE_YOUR_CALM, "answers pile up that the peer does not read");
    }
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
    if (!this.isClient) this.guard.reset();
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
  /** @internal A header list on a stream that is not open. `faulty`: it is to be refused whatever it says. */
  abstract newStream(streamId: number, decoded: DecodedHeaders, endStream: boolean, faulty: boolean): void;
  /** @internal A header list on an open stream. */
  abstract moreHeaders(stream: EngineStream, decoded: DecodedHeaders, endStream: boolean): void;
  /** @internal Whether frames on a stream that is over may be late, and no fault. */
  mayBeLate(streamId: number): boolean {
    return this.recentlyReset.mayHave(streamId);
  }

  /** @internal Whether nobody has opened this stream yet. */
  abstract isIdle(streamId: number): boolean;
  /** @internal The peer allows more or fewer streams, or one ended. */
  abstract streamsChanged(): void;
  /** The connection is over: timers of a role's own end. */
  protected ended(): void {}
  /** @internal A GOAWAY came, and was told. */
  abstract wentAway(lastStreamId: number): void;

  /** Says SETTINGS and the connection's window; first of all that is sent, but for a client's preface. */
  protected start(): void {
    this.#settings.announce();
    this.receiver.start();
    this.watch.awaitPreface();
  }

  /** Ends the connection in peace once nothing is open. */
  protected finishIfIdle(): void {
    if (!this.closed && this.finishing) this.#end(this.goawayError);
  }

  /** @internal Takes a stream out that came to no proper end. */
  drop(stream: EngineStream, code: number, cause: ResetCause): void {
    this.sender.forget(stream);
    this.#remove(stream);
    stream.handler.onReset(code, cause);
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

  /** @internal Between two frames. */
  betweenFrames(): void {
    if (this.#becameIdle) this.#tellIdle();
  }

  /** Tells that nothing is open any more; not from inside of what told a stream's handler so. */
  #settle(): void {
    if (this.#becameIdle && !this.#receiving) this.#tellIdle();
  }

  #tellIdle(): void {
    this.#becameIdle = false;
    if (this.closed || this.streams.size > 0) return;
    this.handler.onIdle?.();
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
    this.writer.goaway(this.lastPeerStreamId, fault.code, fault.message);
    this.#end(new ConnectionError(fault.code, text, "local", { cause: fault.cause ?? fault }));
  }

  #end(error: ConnectionError | undefined): void {
    this.closed = true;
    this.goingAway = true;
    this.error = error;
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
    this.handler.onClose(error);
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
