import { inCleanContext } from "../../../core/async-context.js";
import { keepAlive, monotonicMs, startTimer, stopTimer, type Timer } from "../../../core/clock.js";
import { type ConnectionEvent, events } from "../../../core/diagnostics.js";
import { messageOf } from "../../../core/rpc-error.js";
import type { status } from "../../../core/status.js";
import { nextTurn } from "../../../core/turn.js";
import type { ConnectivityState } from "../../transport.js";
import { CallList } from "../call-list.js";
import { Backoff } from "./backoff.js";
import { ChannelConnection, type ConnectionEvents } from "./channel-connection.js";
import type { ResolvedChannelOptions } from "./channel-options.js";
import type { Destination } from "./destination.js";
import type { CallHost, PendingCall } from "./pending-call.js";

/** Whose connections they are. */
export interface PoolOwner {
  /** {@link ConnectionPool.state} is another than before. */
  onPoolState(pool: ConnectionPool): void;
  /** An attempt failed: {@link ConnectionPool.lastFailure}. Calls that wait are the owner's to end, to move or to leave. */
  onConnectFailed(pool: ConnectionPool): void;
  /** A call ended, or a connection. */
  onPoolRoom(pool: ConnectionPool): void;
  /** A server found that pings came too often (gRFC A8): from now on after so many milliseconds. */
  onPoolPings?(keepaliveTimeMs: number): void;
  /** A call of that host on one of its connections has its status. */
  onPoolCallEnd?(code: status, host: CallHost): void;
}

/** How a pool differs from one owner to another. */
export interface PoolPolicy {
  /**
   * Whether a connection that ended within the first wait of the backoff, with no call on it, counts as a failure. For owners that
   * connect again at once: else a server that closes each connection would be called without a pause.
   */
  readonly backsOffUnused: boolean;
}

/**
 * The connections to one address: one, and further ones where the server limits the calls on each. Attempts follow each other by the
 * backoff protocol; so do connections on which the server took no call.
 */
export class ConnectionPool {
  readonly #destination: Destination;
  readonly #backoff: Backoff;
  readonly #owner: PoolOwner;
  readonly #policy: PoolPolicy;
  readonly #connections = new Set<ChannelConnection>();
  /** Calls that wait for a connection, oldest first. */
  readonly #waiting = new CallList<PendingCall>();
  #options: ResolvedChannelOptions;
  /** The connection that had room last. */
  #current: ChannelConnection | undefined;
  #connecting: ChannelConnection | undefined;
  /** `dial` threw, which nobody has been told yet. */
  #dialThrew = false;
  #backoffTimer: Timer | undefined;
  #lastFailure = "";
  #state: ConnectivityState = "idle";
  #closed = false;

  constructor(destination: Destination, options: ResolvedChannelOptions, owner: PoolOwner, policy: PoolPolicy) {
    this.#destination = destination;
    this.#options = options;
    this.#owner = owner;
    this.#policy = policy;
    if (owner.onPoolCallEnd !== undefined) this.#events.onCallEnd = (code, host) => owner.onPoolCallEnd?.(code, host);
    this.#backoff = new Backoff(options);
  }

  /** Never "shutdown": what is closed is its owner's to say. */
  get state(): ConnectivityState {
    return this.#state;
  }

  /** Whether an attempt failed and the next one waits. */
  get failing(): boolean {
    return this.#backoffTimer !== undefined;
  }

  /** Why the last attempt failed, for people; "" where none did. */
  get lastFailure(): string {
    return this.#lastFailure;
  }

  /** Calls that wait here. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Calls on its connections. */
  get active(): number {
    let active = 0;
    for (const connection of this.#connections) active += connection.active;
    return active;
  }

  /** Those that are open, being opened, or being closed. */
  get connections(): ReadonlySet<ChannelConnection> {
    return this.#connections;
  }

  /** What a call that waits here waits for, for people. */
  get waitingFor(): string {
    const { name } = this.#destination;
    for (const connection of this.#connections) {
      if (connection.barred) return `${name} to allow calls: it says SETTINGS_MAX_CONCURRENT_STREAMS 0`;
      if (connection.ready) return `a connection to ${name} with room for another call`;
    }
    const last = this.#lastFailure === "" ? "" : ` (the last attempt: ${this.#lastFailure})`;
    return `a connection to ${name}${last}`;
  }

  /** A connection on which a call may begin. */
  withRoom(): ChannelConnection | undefined {
    if (this.#current?.hasRoom) return this.#current;
    this.#current = undefined;
    for (const connection of this.#connections) if (connection.hasRoom) this.#current ??= connection;
    return this.#current;
  }

  /** Begins the call as soon as there is a connection with room, and opens one. */
  wait(call: PendingCall): void {
    this.#waiting.add(call);
    if (this.#backoffTimer === undefined) this.#open();
    else keepAlive(this.#backoffTimer, true);
  }

  /** A call waits no longer; one that does not wait here is nobody's mistake. */
  forget(call: PendingCall): void {
    this.#waiting.remove(call);
    if (this.#waiting.size === 0 && this.#backoffTimer !== undefined) keepAlive(this.#backoffTimer, false);
  }

  /** The calls that wait now. */
  waitingCalls(): PendingCall[] {
    return this.#waiting.toArray();
  }

  /** Connections from now on ping after so many milliseconds, or later. */
  pingSeldom(keepaliveTimeMs: number): void {
    if (keepaliveTimeMs > this.#options.keepaliveTimeMs) this.#options = { ...this.#options, keepaliveTimeMs };
  }

  /** Opens a connection where there is none, unless it is to wait. */
  connect(): void {
    if (this.#state === "idle" && !this.#closed) this.#open();
  }

  /** Tries again now, where it waits, and begins with the shortest wait again. */
  resetBackoff(): void {
    this.#backoff.reset();
    if (this.#backoffTimer === undefined) return;
    stopTimer(this.#backoffTimer);
    this.#backoffTimer = undefined;
    this.#open();
    this.#noteState();
  }

  /** Closes connections once their calls are over, and waits no longer: it is idle then. */
  rest(): void {
    stopTimer(this.#backoffTimer);
    this.#backoffTimer = undefined;
    const connecting = this.#connecting;
    this.#connecting = undefined;
    for (const connection of [...this.#connections]) {
      if (connection === connecting) void connection.shut();
      else connection.close();
    }
    this.#noteState();
  }

  /** Takes no calls any more; those that are open finish. */
  retire(): void {
    this.#closed = true;
    this.rest();
  }

  /** Opens no connection any more, but for calls that wait already. */
  stop(): void {
    this.#closed = true;
    stopTimer(this.#backoffTimer);
  }

  /** Ends the calls on its connections, and these; resolves when the sockets are closed. */
  async shut(code: status, details: string): Promise<void> {
    const connections = [...this.#connections];
    for (const connection of connections) connection.failAll(code, details);
    await Promise.all(connections.map((connection) => connection.shut()));
  }

  /** Opens a connection, unless there is no sense in one more. */
  #open(): void {
    if (this.#connecting !== undefined || this.#dialThrew) return;
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
        this.#dialThrew = true;
        nextTurn(() => {
          this.#dialThrew = false;
          this.#connectFailed(messageOf(error));
        }, undefined);
      }
    });
    this.#noteState();
  }

  #pump(): void {
    for (let call = this.#waiting.first; call !== undefined; call = this.#waiting.first) {
      const connection = this.withRoom();
      if (connection === undefined) break;
      this.#waiting.remove(call);
      call.begin(connection);
    }
    if (this.#waiting.size > 0 && this.#backoffTimer === undefined) this.#open();
  }

  readonly #events: ConnectionEvents = {
    onCallEnd: undefined,
    onReady: (connection) => {
      this.#tell("ready", connection);
      this.#connecting = undefined;
      this.#noteState();
      this.#pump();
    },
    onClosing: (connection) => {
      this.#tell("closing", connection);
      if (this.#current === connection) this.#current = undefined;
      if (connection.active === 0 && this.#connecting === undefined && this.#endedUnused(connection)) {
        this.#connectFailed(connection.lost ?? "the server closed the connection");
      }
      this.#noteState();
    },
    onClosed: (connection) => this.#onClosed(connection),
    onRoom: () => {
      if (this.#waiting.size > 0) this.#pump();
      this.#owner.onPoolRoom(this);
    },
    onTooManyPings: () => {
      this.pingSeldom(this.#options.keepaliveTimeMs * 2);
      this.#owner.onPoolPings?.(this.#options.keepaliveTimeMs);
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
    this.#noteState();
    this.#owner.onPoolRoom(this);
  }

  #endedUnused(connection: ChannelConnection): boolean {
    if (!this.#policy.backsOffUnused || connection.carried || connection.readyAt === undefined) return false;
    return monotonicMs() - connection.readyAt < (this.#options.initialBackoffMs ?? 1000);
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
    this.#noteState();
    this.#owner.onConnectFailed(this);
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
    this.#noteState();
  }

  #noteState(): void {
    const state = this.#stateNow();
    if (state === this.#state) return;
    this.#state = state;
    this.#owner.onPoolState(this);
  }

  #stateNow(): ConnectivityState {
    for (const connection of this.#connections) if (connection.ready) return "ready";
    if (this.#connecting !== undefined || this.#dialThrew) return "connecting";
    return this.#backoffTimer !== undefined ? "transient_failure" : "idle";
  }
}

function onBackoffOver(pool: ConnectionPool): void {
  pool.backoffOver();
}
