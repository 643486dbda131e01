import { setImmediate as nextTurn } from "node:timers/promises";
import { status } from "../../core/metadata.js";
import type { AnyMethod, Method } from "../../core/method.js";
import type { Channel, ClientListener, ClientStream, ConnectivityState, StartOptions } from "../transport.js";
import { Backoff } from "./backoff.js";
import type { ResolvedChannelOptions } from "./channel-options.js";
import { ClientCall } from "./client-call.js";
import { Connection, type ConnectionEvents } from "./connection.js";
import type { CallHost, PendingCall } from "./pending-call.js";
import { nameOf, type SocketTarget } from "./socket-target.js";

/**
 * Calls over HTTP/2 to one target. Connects when the first call is made, connects again when a connection is lost, and
 * opens further connections when the server limits the calls on one.
 */
export class Http2Channel implements Channel, CallHost {
  readonly #target: SocketTarget;
  readonly #options: ResolvedChannelOptions;
  readonly #backoff: Backoff;
  readonly #connections = new Set<Connection>();
  /** Calls that wait for a connection, oldest first. */
  readonly #waiting = new Set<PendingCall>();
  readonly #open = new Set<PendingCall>();
  /** The connection that had room last. */
  #current: Connection | undefined;
  #connecting: Connection | undefined;
  #backoffTimer: NodeJS.Timeout | undefined;
  #lastFailure = "";
  #closed = false;
  #onEmpty: (() => void) | undefined;

  constructor(target: SocketTarget, options: ResolvedChannelOptions) {
    this.#target = target;
    this.#options = options;
    this.#backoff = new Backoff(options);
  }

  get state(): ConnectivityState {
    if (this.#closed) return "shutdown";
    if (this.#current !== undefined || this.#ready().next().done === false) return "ready";
    if (this.#connecting !== undefined) return "connecting";
    return this.#backoffTimer !== undefined ? "transient_failure" : "idle";
  }

  start<Out, InInit>(
    method: Method<AnyMethod["kind"], unknown, InInit, Out, never>,
    options: StartOptions,
    listener: ClientListener<Out>,
  ): ClientStream<InInit> {
    const call = new ClientCall<InInit, Out>(method, options, listener, this.#options, this);
    this.#open.add(call);
    if (this.#closed) this.#failLater(call, status.UNAVAILABLE, "the channel is closed");
    else this.#beginOrWait(call);
    return call;
  }

  async close(options: { graceMs?: number } = {}): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#backoffTimer);
    const graceMs = options.graceMs ?? 0;
    if (graceMs > 0 && this.#open.size > 0) await this.#emptied(graceMs);
    // Not from within the caller's stack, nor an event of HTTP/2.
    await nextTurn();
    for (const call of [...this.#open]) call.fail(status.CANCELLED, "the channel was closed");
    await Promise.all([...this.#connections].map((connection) => connection.shut()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #emptied(graceMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, Math.min(graceMs, 0x7fff_ffff));
      this.#onEmpty = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** @internal */
  callOver(call: PendingCall): void {
    this.#open.delete(call);
    this.#waiting.delete(call);
    if (this.#waiting.size === 0) this.#backoffTimer?.unref();
    if (this.#open.size === 0) this.#onEmpty?.();
  }

  /** @internal */
  callRefused(call: PendingCall): void {
    if (this.#closed) call.fail(status.UNAVAILABLE, "the server refused the call, and the channel is closed");
    else this.#beginOrWait(call);
  }

  #failLater(call: PendingCall, code: status, details: string): void {
    process.nextTick(() => call.fail(code, details));
  }

  #beginOrWait(call: PendingCall): void {
    if (!this.#begin(call)) this.#wait(call);
  }

  /** Starts a call where there is room; false where there is none. */
  #begin(call: PendingCall): boolean {
    const connection = this.#withRoom();
    if (connection === undefined) return false;
    try {
      call.begin(connection);
    } catch (error) {
      if (connection.hasRoom) {
        // The session is well: node:http2 refused the request itself, for a header it does not allow.
        this.#failLater(call, status.INTERNAL, error instanceof Error ? error.message : String(error));
        return true;
      }
      return false;
    }
    return true;
  }

  #withRoom(): Connection | undefined {
    if (this.#current?.hasRoom) return this.#current;
    this.#current = undefined;
    for (const connection of this.#ready()) {
      this.#current = connection;
      break;
    }
    return this.#current;
  }

  *#ready(): Generator<Connection, void> {
    for (const connection of this.#connections) if (connection.hasRoom) yield connection;
  }

  #wait(call: PendingCall): void {
    if (this.#backoffTimer !== undefined && !call.options.waitForReady) {
      this.#failLater(call, status.UNAVAILABLE, this.#lastFailure);
      return;
    }
    this.#waiting.add(call);
    if (this.#backoffTimer === undefined) this.#connect();
    else this.#backoffTimer.ref();
  }

  #connect(): void {
    if (this.#connecting !== undefined || this.#connections.size >= this.#options.maxConnections) return;
    let connection: Connection;
    try {
      connection = new Connection(this.#target, this.#options, this.#events);
    } catch (error) {
      // TLS options that Node refuses, or an in-process server that is shut down.
      setImmediate(() => this.#connectFailed(error instanceof Error ? error.message : String(error)));
      return;
    }
    this.#connecting = connection;
    this.#connections.add(connection);
  }

  #pump(): void {
    for (const call of this.#waiting) {
      if (!this.#begin(call)) break;
      this.#waiting.delete(call);
    }
    if (this.#waiting.size > 0 && this.#backoffTimer === undefined) this.#connect();
  }

  readonly #events: ConnectionEvents = {
    onReady: (connection) => {
      this.#connecting = undefined;
      this.#backoff.reset();
      this.#pump();
      if (this.#closed && connection.active === 0) connection.close();
    },
    onClosing: (connection) => {
      if (this.#current === connection) this.#current = undefined;
    },
    onClosed: (connection, reason) => this.#onClosed(connection, reason),
    onRoom: () => {
      if (this.#waiting.size > 0) this.#pump();
    },
  };

  #onClosed(connection: Connection, reason: string): void {
    this.#connections.delete(connection);
    if (this.#connecting !== connection) {
      if (this.#waiting.size > 0) this.#pump();
      return;
    }
    this.#connecting = undefined;
    this.#connectFailed(reason);
  }

  #connectFailed(reason: string): void {
    if (this.#closed) return;
    this.#lastFailure = `cannot connect to ${nameOf(this.#target)}: ${reason}`;
    this.#startBackoff();
    for (const call of [...this.#waiting]) {
      if (!call.options.waitForReady) call.fail(status.UNAVAILABLE, this.#lastFailure);
    }
  }

  #startBackoff(): void {
    this.#backoffTimer = setTimeout(() => {
      this.#backoffTimer = undefined;
      if (this.#waiting.size > 0) this.#connect();
    }, this.#backoff.next());
    if (this.#waiting.size === 0) this.#backoffTimer.unref();
  }
}
