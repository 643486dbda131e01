import { inCleanContext } from "../../../core/async-context.js";
import { keepAlive, monotonicMs, startTimer, stopTimer, type Timer } from "../../../core/clock.js";
import { Deferred } from "../../../core/deferred.js";
import { type ConnectionEvent, events } from "../../../core/diagnostics.js";
import type { CalledMethod } from "../../../core/method.js";
import { messageOf } from "../../../core/rpc-error.js";
import { status } from "../../../core/status.js";
import { nextTurn } from "../../../core/turn.js";
import { statsOf } from "../../stats.js";
import type {
  Channel,
  ChannelStats,
  ClientListener,
  ClientStream,
  ConnectivityState,
  Origin,
  StartOptions,
} from "../../transport.js";
import type { Dial } from "../byte-pipe.js";
import { CallCounts } from "../call-counts.js";
import { CallList } from "../call-list.js";
import { Backoff } from "./backoff.js";
import { ChannelConnection, type ConnectionEvents } from "./channel-connection.js";
import type { ResolvedChannelOptions } from "./channel-options.js";
import { ClientCall } from "./client-call.js";
import { ClientMethods } from "./client-method.js";
import type { CallHost, PendingCall } from "./pending-call.js";

/** Where a channel goes. */
export interface Destination {
  /** For error texts. */
  readonly name: string;
  readonly authority: string;
  readonly scheme: "http" | "https";
  /** What is likely wrong where a server hangs up without a word. */
  readonly hint?: string | undefined;
  readonly dial: Dial;
}

/**
 * Calls over HTTP/2 to one target. Connects when the first call is made, connects again when a connection is lost, and
 * opens further connections when the server limits the calls on one. Attempts follow each other by the backoff protocol;
 * so do connections on which the server took no call.
 */
export class Http2Channel implements Channel, CallHost {
  readonly #destination: Destination;
  readonly #methods: ClientMethods;
  readonly #backoff: Backoff;
  readonly #connections = new Set<ChannelConnection>();
  readonly #counts = new CallCounts();
  /** Calls that wait for a connection, oldest first. */
  readonly #waiting = new CallList<PendingCall>();
  #options: ResolvedChannelOptions;
  /** The connection that had room last. */
  #current: ChannelConnection | undefined;
  #connecting: ChannelConnection | undefined;
  #backoffTimer: Timer | undefined;
  #lastFailure = "";
  #closed = false;
  #emptied: Deferred<void> | undefined;

  constructor(destination: Destination, options: ResolvedChannelOptions) {
    this.#destination = destination;
    this.#options = options;
    this.#backoff = new Backoff(options);
    const { scheme, authority } = destination;
    const { userAgent, compressor } = options;
    this.#methods = new ClientMethods({ scheme, authority, userAgent, accepts: compressor.accepts }, options);
  }

  get origin(): Origin {
    const { authority, scheme, name } = this.#destination;
    return { authority, secure: scheme === "https" || name === "in-process" };
  }

  get state(): ConnectivityState {
    if (this.#closed) return "shutdown";
    for (const connection of this.#connections) if (connection.ready) return "ready";
    if (this.#connecting !== undefined) return "connecting";
    return this.#backoffTimer !== undefined ? "transient_failure" : "idle";
  }

  stats(): ChannelStats {
    const connections = [...this.#connections].map((connection) => connection.stats());
    return statsOf(connections, this.#waiting.size, this.#counts.now);
  }

  start<Out, InInit>(
    method: CalledMethod<InInit, Out>,
    options: StartOptions,
    listener: ClientListener,
  ): ClientStream<InInit, Out> {
    this.#counts.begun();
    const call = new ClientCall<InInit, Out>(this.#methods.of(method), options, listener, this);
    if (this.#current?.hasRoom && !this.#closed) call.begin(this.#current);
    else if (this.#closed) call.failSoon(status.UNAVAILABLE, "the channel is closed");
    else this.#beginOrWait(call);
    return call;
  }

  async close(options: { graceMs?: number } = {}): Promise<void> {
    this.#closed = true;
    stopTimer(this.#backoffTimer);
    const graceMs = options.graceMs ?? 0;
    if (graceMs > 0 && this.#open > 0) await this.#empty(graceMs);
    // Not from within the caller's stack, nor an event of HTTP/2.
    await new Promise<void>((resolve) => nextTurn(resolve, undefined));
    const connections = [...this.#connections];
    for (const call of this.#waiting.toArray()) call.fail(status.CANCELLED, "the channel was closed");
    for (const connection of connections) connection.failAll(status.CANCELLED, "the channel was closed");
    await Promise.all(connections.map((connection) => connection.shut()));
  }

  /**
   * The platform says that the network is there again, or that it runs again: does not wait until the backoff is over, and asks servers
   * that were silent for so many milliseconds whether they are there.
   */
  wake(silentMs: number): void {
    for (const connection of this.#connections) connection.doubt(monotonicMs() - silentMs);
    stopTimer(this.#backoffTimer);
    this.#backoff.reset();
    this.backoffOver();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** @internal */
  get authority(): string {
    return this.#destination.authority;
  }

  /** @internal */
  get waitingFor(): string {
    const { name } = this.#destination;
    for (const connection of this.#connections) {
      if (connection.barred) return `${name} to allow calls: it says SETTINGS_MAX_CONCURRENT_STREAMS 0`;
      if (connection.ready) return `a connection to ${name} with room for another call`;
    }
    const last = this.#lastFailure === "" ? "" : ` (the last attempt: ${this.#lastFailure})`;
    return `a connection to ${name}${last}`;
  }

  /** @internal */
  noteEnd(code: status): void {
    this.#counts.ended(code);
  }

  /** @internal */
  callOver(call: PendingCall): void {
    this.#waiting.remove(call);
    if (this.#waiting.size === 0 && this.#backoffTimer !== undefined) keepAlive(this.#backoffTimer, false);
    this.#checkEmpty();
  }

  /** @internal */
  callRefused(call: PendingCall): void {
    this.#beginOrWait(call);
  }

  get #open(): number {
    let open = this.#waiting.size;
    for (const connection of this.#connections) open += connection.active;
    return open;
  }

  #empty(graceMs: number): Promise<void> {
    const emptied = new Deferred<void>();
    this.#emptied = emptied;
    const timer = startTimer(() => emptied.resolve(), graceMs, undefined);
    return emptied.promise.finally(() => stopTimer(timer));
  }

  #checkEmpty(): void {
    if (this.#emptied !== undefined && this.#open === 0) this.#emptied.resolve();
  }

  #beginOrWait(call: PendingCall): void {
    const connection = this.#withRoom();
    if (connection !== undefined) call.begin(connection);
    else if (this.#backoffTimer !== undefined && !call.options.waitForReady)
      call.failSoon(status.UNAVAILABLE, this.#lastFailure);
    else this.#wait(call);
  }

  #withRoom(): ChannelConnection | undefined {
    if (this.#current?.hasRoom) return this.#current;
    this.#current = undefined;
    for (const connection of this.#connections) if (connection.hasRoom) this.#current ??= connection;
    return this.#current;
  }

  #wait(call: PendingCall): void {
    this.#waiting.add(call);
    if (this.#backoffTimer === undefined) this.#connect();
    else keepAlive(this.#backoffTimer, true);
  }

  /** Opens a connection, unless there is no sense in one more. */
  #connect(): void {
    if (this.#connecting !== undefined) return;
    let open = 0;
    for (const connection of this.#connections) {
      if (connection.barred) return;
      if (!connection.closing) open++;
    }
    if (open >= this.#options.maxConnections) return;
    inCleanContext(() => {
      try {
        const connection = new ChannelConnection(this.#destination.dial, this.#options, this.#events);
        this.#connecting = connection;
        this.#connections.add(connection);
        this.#tell("connecting", connection);
      } catch (error) {
        // TLS options that Node refuses, or an in-process server that is shut down.
        nextTurn(() => this.#connectFailed(messageOf(error)), undefined);
      }
    });
  }

  #pump(): void {
    for (let call = this.#waiting.first; call !== undefined; call = this.#waiting.first) {
      const connection = this.#withRoom();
      if (connection === undefined) break;
      this.#waiting.remove(call);
      call.begin(connection);
    }
    if (this.#waiting.size > 0 && this.#backoffTimer === undefined) this.#connect();
  }

  readonly #events: ConnectionEvents = {
    onReady: (connection) => {
      this.#tell("ready", connection);
      this.#connecting = undefined;
      this.#pump();
    },
    onClosing: (connection) => {
      this.#tell("closing", connection);
      if (this.#current === connection) this.#current = undefined;
    },
    onClosed: (connection) => this.#onClosed(connection),
    onRoom: () => {
      if (this.#waiting.size > 0) this.#pump();
      this.#checkEmpty();
    },
    onTooManyPings: () => {
      this.#options = { ...this.#options, keepaliveTimeMs: this.#options.keepaliveTimeMs * 2 };
    },
  };

  #onClosed(connection: ChannelConnection): void {
    this.#connections.delete(connection);
    this.#tell("closed", connection);
    const reason = connection.lost ?? "the connection was closed";
    if (this.#connecting === connection) {
      this.#connecting = undefined;
      this.#connectFailed(reason);
    } else if (connection.carried) {
      this.#backoff.reset();
      if (this.#waiting.size > 0) this.#pump();
    } else if (this.#connecting === undefined && (this.#waiting.size > 0 || connection.refused)) {
      // It came up and was of no use. Without a wait, the next would follow at once, and the next.
      this.#connectFailed(reason);
    }
    this.#checkEmpty();
  }

  #tell(state: ConnectionEvent["state"], connection: ChannelConnection): void {
    if (!events.connection.hasSubscribers) return;
    const { name: target } = this.#destination;
    const reason = state === "closing" || state === "closed" ? connection.lost : undefined;
    events.connection.publish({ side: "client", target, peer: connection.peer, state, reason });
  }

  #connectFailed(reason: string): void {
    this.#lastFailure = `cannot connect to ${this.#destination.name}: ${reason}`;
    if (this.#backoffTimer === undefined && !this.#closed) this.#startBackoff();
    for (const call of this.#waiting.toArray()) {
      if (call.options.waitForReady && !this.#closed) continue;
      call.fail(status.UNAVAILABLE, this.#lastFailure);
    }
  }

  #startBackoff(): void {
    inCleanContext(() => {
      this.#backoffTimer = startTimer(onBackoffOver, this.#backoff.next(), this);
    });
    if (this.#waiting.size === 0) keepAlive(this.#backoffTimer!, false);
  }

  /** @internal */
  backoffOver(): void {
    this.#backoffTimer = undefined;
    if (this.#waiting.size > 0) this.#pump();
  }
}

function onBackoffOver(channel: Http2Channel): void {
  channel.backoffOver();
}
