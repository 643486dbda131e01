import { monotonicMs } from "../../../core/clock.js";
import { CLOSED_MEANWHILE } from "../../../core/closed-channel.js";
import { nextEntityId } from "../../../core/entity-id.js";
import type { status } from "../../../core/status.js";
import {
  type ClientConnection,
  type ConnectionError,
  type ConnectionHandler,
  ErrorCode,
  Http2ClientConnection,
} from "../../../h2/index.js";
import type { ConnectionStats } from "../../transport.js";
import type { BytePipe, DialListener, OpenPipe, PipeUser } from "../byte-pipe.js";
import { Keepalive, type KeepaliveOwner } from "../keepalive.js";
import type { ResolvedChannelOptions } from "./channel-options.js";
import { type CallsOwner, ConnectionCalls } from "./connection-calls.js";
import type { Destination } from "./destination.js";
import { DialAttempt } from "./dial-attempt.js";
import { engineOptions } from "./engine-options.js";
import { Loss } from "./loss.js";
import type { CallHost } from "./pending-call.js";

/** The listener of one of a channel's connections. */
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

/** One HTTP/2 connection of a channel: dialled, open, ready for calls, closing, over. */
export class ChannelConnection implements CallsOwner, ConnectionHandler, DialListener, PipeUser, KeepaliveOwner {
  readonly server: string | undefined;
  readonly #options: ResolvedChannelOptions;
  readonly #events: ConnectionEvents;
  readonly #id = nextEntityId();
  readonly #loss = new Loss();
  readonly #attempt: DialAttempt;
  #engine: ClientConnection | undefined;
  #pipe: BytePipe | undefined;
  #keepalive: Keepalive | undefined;
  #calls: ConnectionCalls | undefined;
  #awaitedBy: (() => void) | undefined;
  #readyAt: number | undefined;
  #closing = false;
  #over = false;

  /** Throws what `dial` throws. */
  constructor({ dial, server }: Destination, options: ResolvedChannelOptions, events: ConnectionEvents) {
    this.server = server;
    this.#options = options;
    this.#events = events;
    this.#attempt = new DialAttempt(dial, this, options.connectTimeoutMs, (reason) => this.#drop(reason));
  }

  // What it is at this moment -----------------------------------------------------------------------------------------

  get connection(): ClientConnection {
    return this.#engine!; // a pipe asks, and has it from `onOpen`
  }

  /** The side of it that calls see. Only where it {@link hasRoom}. */
  get calls(): ConnectionCalls {
    return this.#calls!; // there are calls only on what is open
  }

  get peer(): string {
    return this.#pipe?.peer ?? "unknown";
  }

  get lost(): string | undefined {
    return this.#loss.reason ?? this.#engine?.error?.message;
  }

  /** Whether the server took a call on it, as far as is known. */
  get carried(): boolean {
    return this.#calls?.carried === true;
  }

  /** Whether the server refused a call on it. */
  get refused(): boolean {
    return this.#calls?.refused === true;
  }

  /** Whether it takes no new calls any more. */
  get closing(): boolean {
    return this.#closing;
  }

  /** Calls of users, without the channel's own (health checks). */
  get active(): number {
    return this.#calls?.active ?? 0;
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
    return this.ready && this.#calls?.hasRoom === true;
  }

  get wantsKeepalive(): boolean {
    return this.#calls?.empty === false || this.#options.keepaliveWithoutCalls;
  }

  stats(): ConnectionStats {
    return {
      id: this.#id,
      peer: this.peer,
      local: this.#pipe?.local,
      state: this.#closing ? "closing" : this.#readyAt !== undefined ? "ready" : "connecting",
      openCalls: this.active,
      queuedBytes: this.#engine?.queuedBytes ?? 0,
      calls: this.#calls?.counts ?? { started: 0, succeeded: 0, failed: 0 },
    };
  }

  // It comes up -------------------------------------------------------------------------------------------------------

  /** @internal */
  onOpen(open: OpenPipe): void {
    if (this.#over) return;
    const options = this.#options;
    const engine = new Http2ClientConnection(this, options.environment, engineOptions(options));
    const keepalive = new Keepalive(engine, options, this);
    this.#engine = engine;
    this.#keepalive = keepalive;
    const pipe = open(this);
    this.#pipe = pipe;
    this.#calls = new ConnectionCalls({ engine, pipe, keepalive }, options, this);
    pipe.outputReady();
  }

  /** @internal */
  onDialFailed(reason: string): void {
    this.#loss.note(reason);
    this.#finish();
  }

  /** @internal */
  onSettings(): void {
    if (this.#over) return;
    if (this.#readyAt !== undefined) {
      this.roomChanged();
      return;
    }
    this.#readyAt = monotonicMs();
    this.#attempt.end();
    if (this.#options.keepaliveWithoutCalls) this.#keepalive?.start();
    this.#events.onReady(this);
    this.#calls?.rest();
  }

  // It carries bytes and calls ----------------------------------------------------------------------------------------

  /** @internal */
  receive(bytes: Uint8Array): void {
    if (this.#loss.silent) this.#loss.firstBytes(bytes, this.#pipe?.foreign);
    this.connection.receive(bytes);
  }

  /** @internal */
  onOutput(): void {
    this.#pipe?.outputReady();
  }

  /** @internal */
  onMuchOutput(): void {
    this.#pipe?.flush?.();
  }

  /** @internal */
  onAvailable(): void {
    this.roomChanged();
  }

  /** @internal */
  roomChanged(): void {
    this.#events.onRoom(this);
  }

  /** @internal */
  callEnded(code: status, host: CallHost): void {
    this.#events.onCallEnd?.(code, host);
  }

  /** What began at `since` had no answer: asks the server, out of turn, if it is there. */
  doubt(since: number): void {
    this.#calls?.doubt(since);
  }

  // It ends -----------------------------------------------------------------------------------------------------------

  /** Ends its calls from this side. */
  failAll(code: status, details: string): void {
    for (const call of this.#calls?.toArray() ?? []) call.fail(code, details);
  }

  /** Takes no new calls, lets open ones finish, then closes. */
  close(): void {
    this.#noNewCalls();
    this.#engine?.shutdown();
  }

  /** Closes now, but for what is on its way out. Resolves when the byte stream is closed. */
  shut(): Promise<void> {
    this.#loss.note(CLOSED_MEANWHILE);
    return new Promise((resolve) => {
      if (this.#pipe === undefined) {
        this.#drop(CLOSED_MEANWHILE);
        resolve();
        return;
      }
      // Idle, it kept no process alive; but who awaits its end must live to see it, as in `await using channel`.
      this.#awaitedBy = resolve;
      this.#calls?.hold();
      this.#noNewCalls();
      this.#engine?.close();
    });
  }

  /** @internal */
  onGoaway(_lastStreamId: number, code: number, debug: string): void {
    this.#loss.goaway(code, debug);
    if (code === ErrorCode.ENHANCE_YOUR_CALM && debug === "too_many_pings") this.#events.onTooManyPings();
    this.#noNewCalls();
  }

  /** @internal */
  receiveEnd(error?: Error): void {
    this.#loss.hungUp(error, this.#pipe?.foreign);
    this.connection.receiveEnd(error);
  }

  /** @internal */
  onSilent(): void {
    this.#drop("the server does not answer keepalive pings");
  }

  /** @internal */
  onClose(error: ConnectionError | undefined): void {
    if (error !== undefined) this.#loss.note(error.message);
    this.#pipe?.finish();
    this.#finish();
  }

  /** @internal */
  onPipeClosed(): void {
    this.#finish();
    this.#awaitedBy?.();
  }

  #noNewCalls(): void {
    if (this.#closing) return;
    this.#closing = true;
    this.#events.onClosing(this);
  }

  #drop(reason: string): void {
    this.#loss.note(reason);
    this.#noNewCalls();
    if (this.#engine === undefined) {
      this.#attempt.giveUp();
      this.#finish();
      return;
    }
    this.#engine.close(ErrorCode.NO_ERROR);
    this.#pipe?.destroy();
  }

  #finish(): void {
    if (this.#over) return;
    this.#over = true;
    this.#attempt.end();
    this.#keepalive?.stop();
    this.#loss.note("the connection was closed");
    this.#noNewCalls();
    for (const call of this.#calls?.toArray() ?? []) call.onReset(ErrorCode.NO_ERROR, "connection");
    this.#events.onClosed(this);
  }
}
