import { inCleanContext } from "../../../core/async-context.js";
import { monotonicMs } from "../../../core/clock.js";
import { CHANNEL_CLOSED } from "../../../core/closed-channel.js";
import type { ConnectionEvent } from "../../../core/diagnostics.js";
import { messageOf } from "../../../core/rpc-error.js";
import type { status } from "../../../core/status.js";
import * as Code from "../../../core/status-code.js";
import { nextTurn } from "../../../core/turn.js";
import type { ConnectivityState } from "../../transport.js";
import { CallList } from "../call-list.js";
import { ChannelConnection, type ConnectionEvents } from "./channel-connection.js";
import type { ResolvedChannelOptions } from "./channel-options.js";
import { ConnectionSet } from "./connection-set.js";
import { meaningOfEnd, wasUnused } from "./connection-use.js";
import type { Destination } from "./destination.js";
import type { CallHost, PendingCall } from "./pending-call.js";
import { ReconnectWait } from "./reconnect-wait.js";

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
  readonly #reconnect: ReconnectWait;
  readonly #owner: PoolOwner;
  readonly #policy: PoolPolicy;
  readonly #connections = new ConnectionSet();
  /** Calls that wait for a connection, oldest first. */
  readonly #waiting = new CallList<PendingCall>();
  #options: ResolvedChannelOptions;
  #connecting: ChannelConnection | undefined;
  /** `dial` threw, and this was not reported yet. */
  #dialThrew = false;
  #lastFailure = "";
  #state: ConnectivityState = "idle";
  #closed = false;

  constructor(destination: Destination, options: ResolvedChannelOptions, owner: PoolOwner, policy: PoolPolicy) {
    this.#destination = destination;
    this.#options = options;
    this.#owner = owner;
    this.#policy = policy;
    if (owner.onPoolCallEnd !== undefined) this.#events.onCallEnd = (code, host) => owner.onPoolCallEnd?.(code, host);
    this.#reconnect = new ReconnectWait(options, () => this.#waitOver());
  }

  /** Never "shutdown": what is closed is its owner's to say. */
  get state(): ConnectivityState {
    return this.#state;
  }

  /** Whether an attempt failed and the next one waits. */
  get failing(): boolean {
    return this.#reconnect.running;
  }

  /** Why the last attempt failed, for people; "" where none did. */
  get lastFailure(): string {
    return this.#lastFailure;
  }

  /** Whether calls wait for it in vain: nothing is opened any more, and all connections are going. */
  get stranded(): boolean {
    return this.#closed && !this.#dialThrew && !this.#connections.staying;
  }

  /** Calls that wait here. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Calls on its connections. */
  get active(): number {
    return this.#connections.active;
  }

  /** Those that are open, being opened, or being closed. */
  get connections(): ReadonlySet<ChannelConnection> {
    return this.#connections.all;
  }

  /** What a call that waits here waits for, for people. */
  get waitingFor(): string {
    const { name } = this.#destination;
    const last = this.#lastFailure === "" ? "" : ` (the last attempt: ${this.#lastFailure})`;
    return this.#connections.whyNoRoom(name) ?? `a connection to ${name}${last}`;
  }

  /** A connection on which a call may begin. */
  withRoom(): ChannelConnection | undefined {
    return this.#connections.withRoom();
  }

  /** Begins the call as soon as there is a connection with room, and opens one. */
  wait(call: PendingCall): void {
    this.#waiting.add(call);
    if (this.#reconnect.running) this.#reconnect.awaited = true;
    else this.#open();
  }

  /** Removes a waiting call; no error where it does not wait here. */
  forget(call: PendingCall): void {
    this.#waiting.remove(call);
    if (this.#waiting.size === 0) this.#reconnect.awaited = false;
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
    this.#reconnect.reset();
    if (!this.#reconnect.running) return;
    this.#reconnect.stop();
    this.#open();
    this.#noteState();
  }

  /** Closes connections once their calls are over, and waits no longer: it is idle then. */
  rest(): void {
    this.#reconnect.stop();
    const connecting = this.#connecting;
    this.#connecting = undefined;
    for (const connection of [...this.connections]) {
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

  /** Opens no connection any more: calls begin on those that are there or being opened, or are {@link stranded}. */
  stop(): void {
    this.#closed = true;
    this.#reconnect.stop();
  }

  /** Ends the calls that wait here for nothing. */
  failStranded(): void {
    if (!this.stranded) return;
    for (const call of this.waitingCalls()) call.failSoon(Code.UNAVAILABLE, CHANNEL_CLOSED);
  }

  /** Ends the calls on its connections, and these; resolves when the sockets are closed. */
  async shut(code: status, details: string): Promise<void> {
    const connections = [...this.connections];
    for (const connection of connections) connection.failAll(code, details);
    await Promise.all(connections.map((connection) => connection.shut()));
  }

  /** Opens a connection, unless there is no sense in one more. */
  #open(): void {
    if (this.#connecting !== undefined || this.#dialThrew) return;
    if (this.#closed) {
      this.failStranded();
      return;
    }
    if (!this.#connections.mayGrow(this.#options.maxConnections)) return;
    inCleanContext(() => {
      try {
        const connection = new ChannelConnection(this.#destination, this.#options, this.#events);
        this.#connecting = connection;
        this.#connections.all.add(connection);
        this.#tell("connecting", connection);
      } catch (error) {
        // TLS options that Node refuses, or an in-process server that is shut down.
        this.#dialThrew = true;
        nextTurn(() => {
          this.#dialThrew = false;
          this.#connectFailed(messageOf(error));
        });
      }
    });
    this.#noteState();
  }

  #pump(): void {
    for (let call = this.#waiting.first; call !== undefined; call = this.#waiting.first) {
      const connection = this.withRoom();
      if (connection === undefined) break;
      this.#waiting.remove(call);
      call.begin(connection.calls);
    }
    if (this.#waiting.size > 0 && !this.#reconnect.running) this.#open();
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
      this.#connections.closing(connection);
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
    this.#connections.all.delete(connection);
    this.#tell("closed", connection);
    const connecting = this.#connecting === connection;
    if (connecting) this.#connecting = undefined;
    switch (meaningOfEnd(connection, connecting, this.#connecting !== undefined, this.#waiting.size > 0)) {
      case "failed":
        this.#connectFailed(connection.lost ?? "the connection was closed");
        break;
      case "served":
        this.#reconnect.reset();
        if (this.#waiting.size > 0) this.#pump();
        break;
    }
    this.#noteState();
    this.#owner.onPoolRoom(this);
  }

  /** Whether its end counts as the failure of an attempt, although it came up. */
  #endedUnused(connection: ChannelConnection): boolean {
    return this.#policy.backsOffUnused && wasUnused(connection, monotonicMs(), this.#options.initialBackoffMs);
  }

  #tell(state: ConnectionEvent["state"], connection: ChannelConnection): void {
    this.#options.news?.connection(this.#destination.name, state, connection);
  }

  #connectFailed(reason: string): void {
    this.#lastFailure = `cannot connect to ${this.#destination.name}: ${reason}`;
    if (!this.#closed) this.#reconnect.start(this.#waiting.size > 0);
    this.#noteState();
    this.#owner.onConnectFailed(this);
  }

  #waitOver(): void {
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
    if (this.#connections.ready) return "ready";
    if (this.#connecting !== undefined || this.#dialThrew) return "connecting";
    return this.#reconnect.running ? "transient_failure" : "idle";
  }
}
