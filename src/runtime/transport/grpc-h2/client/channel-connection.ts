import { monotonicMs, startQuietTimer, stopTimer, type Timer } from "../../../core/clock.js";
import { CLOSED_MEANWHILE } from "../../../core/closed-channel.js";
import { nextEntityId } from "../../../core/entity-id.js";
import type { status } from "../../../core/status.js";
import {
  type ClientConnection,
  type ConnectionError,
  type ConnectionHandler,
  ErrorCode,
  errorCodeName,
  Http2ClientConnection,
  type Stream,
} from "../../../h2/index.js";
import type { CallTls, ConnectionStats } from "../../transport.js";
import type { BytePipe, Dial, DialListener, OpenPipe, PipeUser } from "../byte-pipe.js";
import { CallCounts } from "../call-counts.js";
import { CallList } from "../call-list.js";
import { Keepalive, type KeepaliveOwner } from "../keepalive.js";
import type { ResolvedChannelOptions } from "./channel-options.js";
import { hintOf } from "./first-bytes.js";
import type { CallConnection, CallHost, PendingCall } from "./pending-call.js";
import { ResetBudget } from "./reset-budget.js";

/** How many pings out of turn a server gets: grpc-go, for one, closes the connection at the third. */
const MAX_DOUBTS = 2;

/** What a channel hears of one of its connections. */
export interface ConnectionEvents {
  /** Connected, the peer's settings are known, calls may begin. */
  onReady(connection: ChannelConnection): void;
  /** No new calls: the peer said GOAWAY, or the connection is gone. Once. */
  onClosing(connection: ChannelConnection): void;
  /** It is over. {@link ChannelConnection.lost} says why. Once. */
  onClosed(connection: ChannelConnection): void;
  /** There may be room for another call. */
  onRoom(connection: ChannelConnection): void;
  /** A call of that host has its status. */
  onCallEnd?: ((code: status, host: CallHost) => void) | undefined;
  /** The server finds that we ping too often (gRFC A8). */
  onTooManyPings(): void;
}

/** One HTTP/2 connection of a channel, from the dialling on. */
export class ChannelConnection implements CallConnection, ConnectionHandler, DialListener, PipeUser, KeepaliveOwner {
  readonly #options: ResolvedChannelOptions;
  readonly #events: ConnectionEvents;
  readonly #calls = new CallList<PendingCall>();
  #quiet = 0;
  readonly #id = nextEntityId();
  readonly #counts = new CallCounts();
  readonly #resets = new ResetBudget();
  readonly #giveUp: () => void;
  #connectTimer: Timer | undefined;
  #engine: ClientConnection | undefined;
  #pipe: BytePipe | undefined;
  #keepalive: Keepalive | undefined;
  #awaitedBy: (() => void) | undefined;
  #readyAt: number | undefined;
  #heard = false;
  #closing = false;
  #over = false;
  #carried = false;
  #refused = false;
  #doubts = 0;
  #doubtedAt = 0;
  #lost: string | undefined;

  /** Throws what `dial` throws. */
  constructor(dial: Dial, options: ResolvedChannelOptions, events: ConnectionEvents) {
    this.#options = options;
    this.#events = events;
    this.#giveUp = dial(this);
    const timeout = options.connectTimeoutMs;
    this.#connectTimer = startQuietTimer(() => this.#drop(`no connection within ${timeout} ms`), timeout, undefined);
  }

  get peer(): string {
    return this.#pipe?.peer ?? "unknown";
  }

  get tls(): CallTls | undefined {
    return this.#pipe?.tls;
  }

  get connection(): ClientConnection {
    return this.#engine!; // a pipe asks, and has it from `onOpen`
  }

  /** Why the connection is gone, or going; undefined while nothing is known. */
  get lost(): string | undefined {
    return this.#lost ?? this.#engine?.error?.message;
  }

  /** Whether the server took a call on it, as far as is known. */
  get carried(): boolean {
    return this.#carried;
  }

  /** Whether the server refused a call on it. */
  get refused(): boolean {
    return this.#refused;
  }

  /** Whether it takes no new calls any more. */
  get closing(): boolean {
    return this.#closing;
  }

  /** Calls on it that are somebody's. */
  get active(): number {
    return this.#calls.size - this.#quiet;
  }

  /** When calls could begin first, on the monotonic clock; undefined while connecting. */
  get readyAt(): number | undefined {
    return this.#readyAt;
  }

  get ready(): boolean {
    return this.#readyAt !== undefined && !this.#closing;
  }

  /** Whether the server allows no call at all. */
  get barred(): boolean {
    return this.ready && this.#engine?.peerSettings.maxConcurrentStreams === 0;
  }

  /** Whether one more call may begin. */
  get hasRoom(): boolean {
    const engine = this.#engine;
    if (this.#readyAt === undefined || this.#closing || engine === undefined) return false;
    return engine.availableStreams > 0 && this.#calls.size < this.#options.maxStreamsPerConnection;
  }

  get wantsKeepalive(): boolean {
    return this.#calls.size > 0 || this.#options.keepaliveWithoutCalls;
  }

  /** How large a block of headers may be sent: what the server takes, and no more than we take. */
  get maxSendHeaderBytes(): number {
    return Math.min(this.connection.peerSettings.maxHeaderListSize, this.#options.maxMetadataBytes);
  }

  /** Whose {@link maxSendHeaderBytes} is, for error texts. */
  get headerLimitOwner(): string {
    const theirs = this.connection.peerSettings.maxHeaderListSize <= this.#options.maxMetadataBytes;
    return theirs ? "(the server's SETTINGS_MAX_HEADER_LIST_SIZE)" : "(maxMetadataBytes)";
  }

  /** Opens a stream for a call; {@link release} must follow. Only where it {@link hasRoom}. */
  request(headers: string[], call: PendingCall): Stream {
    this.#calls.add(call);
    this.#counts.begun();
    if (call.quiet) this.#quiet++;
    else if (this.active === 1) this.#pipe?.keepAlive(true);
    if (this.#calls.size === 1) this.#keepalive?.start();
    return this.connection.request(headers, false, call);
  }

  /** A call needs it no longer. */
  release(call: PendingCall): void {
    this.#calls.remove(call);
    if (call.quiet) this.#quiet--;
    if (this.active === 0 && this.#awaitedBy === undefined) this.#pipe?.keepAlive(false);
    if (this.#calls.size === 0) this.#replaceWhenSpent();
    this.#events.onRoom(this);
  }

  /** A call of that host on it has its status. */
  noteEnd(code: status, host: CallHost): void {
    this.#counts.ended(code);
    this.#events.onCallEnd?.(code, host);
  }

  /** What it is at this moment. */
  stats(): ConnectionStats {
    return {
      id: this.#id,
      peer: this.peer,
      state: this.#closing ? "closing" : this.#readyAt !== undefined ? "ready" : "connecting",
      openCalls: this.active,
      queuedBytes: this.#engine?.queuedBytes ?? 0,
      calls: this.#counts.now,
    };
  }

  /** The server took a call: it answers, or ended it other than by refusing it. */
  noteCarried(): void {
    this.#carried = true;
  }

  /** The server did not take a call. */
  noteRefused(): void {
    this.#refused = true;
  }

  /** A call is about to be reset. */
  noteReset(): void {
    if (!this.#resets.spend()) this.close();
  }

  /**
   * A call ran into its deadline. Where nothing at all was heard since it began, asks whether the server is there: the link
   * may be dead. Servers do not take more than two such pings kindly, so there are no more until something is heard.
   */
  doubt(since: number): void {
    const heardAt = this.#engine?.lastReceivedAt ?? 0;
    if (heardAt >= since) return;
    if (heardAt > this.#doubtedAt) this.#doubts = 0;
    this.#doubtedAt = heardAt;
    if (++this.#doubts <= MAX_DOUBTS) this.#keepalive?.probe();
  }

  /** Ends its calls from this side. */
  failAll(code: status, details: string): void {
    for (const call of this.#calls.toArray()) call.fail(code, details);
  }

  /** Takes no new calls, lets open ones finish, then closes. */
  close(): void {
    this.#noNewCalls();
    this.#engine?.shutdown();
  }

  /** Closes now, but for what is on its way out. Resolves when the byte stream is closed. */
  shut(): Promise<void> {
    this.#lost ??= CLOSED_MEANWHILE;
    return new Promise((resolve) => {
      if (this.#pipe === undefined) {
        this.#drop(this.#lost ?? "");
        resolve();
        return;
      }
      // Idle, it kept no process alive; but who awaits its end must live to see it, as in `await using channel`.
      this.#awaitedBy = resolve;
      this.#pipe.keepAlive(true);
      this.#noNewCalls();
      this.#engine?.close();
    });
  }

  /** @internal */
  onOpen(open: OpenPipe): void {
    if (this.#over) return;
    const { maxMetadataBytes, maxMetadataPairs, streamWindowBytes, maxUnreadBytes, connectTimeoutMs } = this.#options;
    this.#engine = new Http2ClientConnection(this, this.#options.environment, {
      limits: {
        maxHeaderListSize: maxMetadataBytes,
        maxHeaderPairs: maxMetadataPairs,
        prefaceTimeoutMs: connectTimeoutMs,
      },
      initialWindowSize: Math.min(65_535, streamWindowBytes),
      maxWindowSize: streamWindowBytes,
      windowBudget: maxUnreadBytes,
    });
    this.#keepalive = new Keepalive(this.#engine, this.#options, this);
    this.#pipe = open(this);
    this.#pipe.outputReady();
  }

  /** @internal */
  onDialFailed(reason: string): void {
    this.#lost ??= reason;
    this.#finish();
  }

  /** @internal */
  receive(bytes: Uint8Array): void {
    if (!this.#heard) {
      this.#heard = true;
      this.#lost ??= hintOf(bytes);
    }
    this.connection.receive(bytes);
  }

  /** @internal */
  receiveEnd(error?: Error): void {
    if (error !== undefined) this.#lost ??= error.message;
    if (!this.#heard) this.#lost ??= "the server hung up before it said anything";
    this.connection.receiveEnd(error);
  }

  /** @internal */
  onOutput(): void {
    this.#pipe?.outputReady();
  }

  /** @internal */
  onMuchOutput(): void {
    this.#pipe?.outputFull?.();
  }

  /** @internal */
  onSettings(): void {
    if (this.#over) return;
    if (this.#readyAt !== undefined) {
      this.#events.onRoom(this);
      return;
    }
    this.#readyAt = monotonicMs();
    stopTimer(this.#connectTimer);
    if (this.#options.keepaliveWithoutCalls) this.#keepalive?.start();
    this.#events.onReady(this);
    if (this.active === 0 && this.#awaitedBy === undefined) this.#pipe?.keepAlive(false);
  }

  /** @internal */
  onAvailable(): void {
    this.#events.onRoom(this);
  }

  /** @internal */
  onGoaway(_lastStreamId: number, code: number, debug: string): void {
    if (code !== ErrorCode.NO_ERROR) this.#lost ??= `the server said GOAWAY, ${named(code, debug)}`;
    if (code === ErrorCode.ENHANCE_YOUR_CALM && debug === "too_many_pings") this.#events.onTooManyPings();
    this.#noNewCalls();
  }

  /** @internal */
  onClose(error: ConnectionError | undefined): void {
    if (error !== undefined) this.#lost ??= error.message;
    this.#pipe?.finish();
    this.#finish();
  }

  /** @internal */
  onPipeClosed(): void {
    this.#finish();
    this.#awaitedBy?.();
  }

  /** @internal */
  onSilent(): void {
    this.#drop("the server does not answer keepalive pings");
  }

  /** Stream ids run out after 2^30 calls. */
  #replaceWhenSpent(): void {
    const engine = this.#engine;
    if (engine === undefined || this.#closing || engine.availableStreams > 0) return;
    if (engine.openStreams === 0 && engine.peerSettings.maxConcurrentStreams > 0) this.close();
  }

  #noNewCalls(): void {
    if (this.#closing) return;
    this.#closing = true;
    this.#events.onClosing(this);
  }

  #drop(reason: string): void {
    this.#lost ??= reason;
    this.#noNewCalls();
    if (this.#engine === undefined) {
      this.#giveUp();
      this.#finish();
      return;
    }
    this.#engine.close(ErrorCode.NO_ERROR);
    this.#pipe?.destroy();
  }

  #finish(): void {
    if (this.#over) return;
    this.#over = true;
    stopTimer(this.#connectTimer);
    this.#keepalive?.stop();
    this.#lost ??= "the connection was closed";
    this.#noNewCalls();
    for (const call of this.#calls.toArray()) call.onReset(ErrorCode.NO_ERROR, "connection");
    this.#events.onClosed(this);
  }
}

/** As other gRPC clients say it: `ENHANCE_YOUR_CALM: "too_many_pings"`. The text is the server's. */
function named(code: number, debug: string): string {
  const name = errorCodeName(code);
  return debug === "" ? name : `${name}: ${JSON.stringify(debug.slice(0, 200))}`;
}
