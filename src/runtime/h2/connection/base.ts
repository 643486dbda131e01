import { AbuseGuard } from "../abuse-guard.js";
import type { Environment } from "../environment.js";
import * as ErrorCode from "../error-code.js";
import { type ConnectionError, peerFault } from "../errors.js";
import { Receiver } from "../flow/receiver.js";
import { Sender } from "../flow/sender.js";
import { frameTypeName } from "../frames/frame-rules.js";
import { FrameWriter } from "../frames/frame-writer.js";
import { type DecodedHeaders, HpackEncoder } from "../hpack/index.js";
import type { ConnectionOptions, ResolvedOptions } from "../options.js";
import { resolveOptions } from "../options.js";
import type { Batch, OwnedBatch } from "../output/batch.js";
import { Output } from "../output/output.js";
import type { Settings } from "../settings.js";
import type { EngineStream } from "../streams/engine-stream.js";
import { IdleNotice } from "../streams/idle-notice.js";
import { StreamTable } from "../streams/stream-table.js";
import type { Connection, ConnectionHandler } from "./connection.js";
import { byteStreamEnded, closedHere, faultOf } from "./endings.js";
import { Incoming } from "./incoming.js";
import { Pings } from "./pings.js";
import type { SettingsExchange } from "./settings-exchange.js";
import { Watch } from "./watch.js";

/** What both roles have in common: the parts of a connection are put together here, and its life begins and ends here. */
export abstract class ConnectionBase implements Connection {
  lastReceivedAt: number;
  closed = false;
  goingAway = false;
  error: ConnectionError | undefined = undefined;
  /** @internal */
  readonly handler: ConnectionHandler;
  /** @internal */
  readonly environment: Environment;
  /** @internal */
  readonly options: ResolvedOptions;
  /** @internal */
  readonly isClient: boolean;
  /** @internal */
  readonly output: Output;
  /** @internal */
  readonly writer: FrameWriter;
  /** @internal */
  readonly streams: StreamTable;
  /** @internal */
  readonly sender: Sender;
  /** @internal */
  readonly receiver: Receiver;
  /** @internal */
  readonly guard: AbuseGuard;
  /** @internal */
  readonly pings: Pings;
  /** @internal */
  readonly watch: Watch;
  /** @internal */
  readonly idle: IdleNotice;
  /** @internal */
  readonly settings: SettingsExchange;
  /** @internal The error of the peer's GOAWAY. */
  goawayError: ConnectionError | undefined;
  /** The highest id of the peer's streams that came. */
  protected lastPeerStreamId = 0;
  readonly #incoming: Incoming;

  constructor(handler: ConnectionHandler, environment: Environment, options: ConnectionOptions, isClient: boolean) {
    const resolved = resolveOptions(options);
    const { limits, sensitive } = resolved;
    this.handler = handler;
    this.environment = environment;
    this.options = resolved;
    this.isClient = isClient;
    this.lastReceivedAt = environment.now();
    const encoder = new HpackEncoder({
      maxTableSize: resolved.encoderTableSize,
      ...(sensitive === undefined ? {} : { sensitive }),
    });
    this.output = new Output(environment, () => handler.onOutput());
    this.writer = new FrameWriter(this.output, encoder);
    this.guard = new AbuseGuard(limits, () => environment.now(), this.output);
    this.streams = new StreamTable(this);
    this.sender = new Sender(this, environment, this.output, resolved.maxOutputBytes);
    this.receiver = new Receiver(this, resolved.initialWindowSize, resolved.windowBudget, resolved.maxWindowSize);
    this.pings = new Pings(this.writer, environment);
    this.watch = new Watch(environment, limits, (text) => this.close(ErrorCode.ENHANCE_YOUR_CALM, text));
    this.idle = new IdleNotice(() => this.#becameIdle());
    this.#incoming = new Incoming(this, encoder);
    this.settings = this.#incoming.settings;
  }

  // What a role says --------------------------------------------------------------------------------------------------

  /** Reads what comes before the first frame; returns where frames begin. */
  protected abstract preface(bytes: Uint8Array): number;
  /** @internal A header list on a stream that is not open. `faulty`: it is to be refused whatever it says. */
  abstract newStream(streamId: number, decoded: DecodedHeaders, endStream: boolean, faulty: boolean): void;
  /** @internal A header list on an open stream. */
  abstract moreHeaders(stream: EngineStream, decoded: DecodedHeaders, endStream: boolean): void;
  /** @internal Whether this stream is idle: not opened yet. */
  abstract isIdle(streamId: number): boolean;
  /** @internal The peer allows more or fewer streams, or one ended. */
  abstract streamsChanged(): void;
  /** @internal A GOAWAY came, and was told. */
  abstract wentAway(lastStreamId: number): void;
  abstract shutdown(debug?: string): void;
  /** The connection is over: timers of a role's own end. */
  protected ended(): void {}

  // What it is at this moment -----------------------------------------------------------------------------------------

  get peerSettings(): Settings {
    return this.settings.peer;
  }

  get localSettings(): Settings {
    return this.settings.local;
  }

  get openStreams(): number {
    return this.streams.size;
  }

  get sentFrames(): number {
    return this.sender.sentFrames;
  }

  get queuedBytes(): number {
    return this.sender.queuedBytes + this.output.unsent;
  }

  get unreadBytes(): number {
    return this.receiver.unreadBytes;
  }

  /** @internal It goes away, and nothing is open any more. */
  get finishing(): boolean {
    return this.goingAway && this.streams.size === 0;
  }

  // Bytes in, and bytes out -------------------------------------------------------------------------------------------

  /** Says SETTINGS and the connection's window; first of all that is sent, but for a client's preface. */
  protected start(): void {
    this.settings.announce();
    this.receiver.start();
    this.watch.awaitPreface();
  }

  receive(bytes: Uint8Array): void {
    if (this.closed || bytes.length === 0) return;
    this.idle.hold();
    this.lastReceivedAt = this.environment.now();
    try {
      const from = this.preface(bytes);
      if (from < bytes.length) this.#incoming.push(bytes, from);
      if (!this.closed) this.#incoming.pause(this.lastReceivedAt);
    } catch (error) {
      this.fail(error);
    } finally {
      this.idle.release();
    }
  }

  take(): Batch | undefined {
    return this.output.take();
  }

  done(batch: Batch): void {
    // Batches come from `take` alone, and that makes owned ones.
    this.output.done(batch as OwnedBatch);
    if (!this.closed) this.sender.pump();
  }

  /** @internal */
  muchOutput(): void {
    this.handler.onMuchOutput?.();
  }

  ping(callback: (rtt: number) => void): void {
    if (!this.closed) this.pings.send(callback);
  }

  updateSettings(settings: Partial<Pick<Settings, "maxConcurrentStreams">>): void {
    if (!this.closed) this.settings.change(settings);
  }

  // Streams that are not there ----------------------------------------------------------------------------------------

  /** @internal A frame came on a stream that is not there: it is over, or it was never opened. */
  strayFrame(type: number, streamId: number): void {
    // RFC 9113, section 5.1, "idle"
    if (this.isIdle(streamId))
      throw peerFault(ErrorCode.PROTOCOL_ERROR, `${frameTypeName(type)} on a stream that was never opened`);
    this.guard.strayFrame();
  }

  /** @internal Whether frames on a stream that is over may be late, and no fault. */
  mayBeLate(streamId: number): boolean {
    return this.streams.recentlyReset.mayHave(streamId);
  }

  // How it ends -------------------------------------------------------------------------------------------------------

  #becameIdle(): void {
    if (this.closed || this.streams.size > 0) return;
    this.handler.onIdle?.();
    this.finishIfIdle();
  }

  /** Ends the connection in peace once nothing is open. */
  protected finishIfIdle(): void {
    if (!this.closed && this.finishing) this.#end(this.goawayError);
  }

  close(code: number = ErrorCode.NO_ERROR, debug = ""): void {
    if (this.closed) return;
    this.writer.goaway(this.lastPeerStreamId, code, debug);
    this.#end(closedHere(code, debug));
  }

  /** @internal What was thrown while bytes were read or sent: a fault of the peer's, or a bug. */
  fail(error: unknown): void {
    if (this.closed) return;
    const fault = faultOf(error);
    this.writer.goaway(this.lastPeerStreamId, fault.code, fault.message);
    this.#end(closedHere(fault.code, fault.message, fault.cause ?? fault));
  }

  receiveEnd(error?: Error): void {
    if (this.closed) return;
    const expected = error === undefined && this.finishing;
    this.#end(expected ? this.goawayError : (this.goawayError ?? byteStreamEnded(error)));
  }

  #end(error: ConnectionError | undefined): void {
    this.closed = true;
    this.goingAway = true;
    this.error = error;
    this.ended();
    this.watch.clear();
    this.pings.clear();
    this.streams.endAll(error?.code ?? ErrorCode.NO_ERROR);
    this.handler.onClose(error);
  }
}
