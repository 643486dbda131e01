import { inCleanContext } from "../../../core/async-context.js";
import type { CalledMethod } from "../../../core/method.js";
import type { status as Status } from "../../../core/status.js";
import * as Code from "../../../core/status-code.js";
import { soon } from "../../../core/turn.js";
import type { Address, Subchannel, SubchannelListener } from "../../routing.js";
import type { ClientListener, ClientStream, ConnectivityState, StartOptions } from "../../transport.js";
import type { ResolvedChannelOptions } from "./channel-options.js";
import { ClientCall } from "./client-call.js";
import type { ClientMethod } from "./client-method.js";
import { ConnectionPool, type PoolOwner } from "./connection-pool.js";
import type { Destination } from "./destination.js";
import type { CallHost, PendingCall } from "./pending-call.js";

/** The channel that it is of. */
export interface SubchannelOwner {
  readonly authority: string;
  methodOf<Out, InInit>(method: CalledMethod<InInit, Out>): ClientMethod<InInit, Out>;
  /** A call looks for a server again. */
  reroute(call: PendingCall): void;
  /** All its connections are to ping after so many milliseconds, or later. */
  pingSeldom(keepaliveTimeMs: number): void;
  /** A call or a connection ended. */
  roomChanged(subchannel: RoutedSubchannel): void;
}

/** The connections to one address of a routed channel. Calls that wait here look elsewhere when its state changes. */
export class RoutedSubchannel implements Subchannel, PoolOwner, CallHost {
  readonly channel: SubchannelOwner;
  readonly address: Address;
  readonly pool: ConnectionPool;
  readonly #listener: SubchannelListener;
  #closed = false;

  constructor(
    channel: SubchannelOwner,
    address: Address,
    destination: Destination,
    options: ResolvedChannelOptions,
    listener: SubchannelListener,
  ) {
    this.channel = channel;
    this.address = address;
    this.#listener = listener;
    this.pool = new ConnectionPool(destination, options, this, { backsOffUnused: true });
  }

  get state(): ConnectivityState {
    return this.#closed ? "shutdown" : this.pool.state;
  }

  get lastFailure(): string {
    return this.pool.lastFailure;
  }

  get openCalls(): number {
    return this.pool.active + this.pool.waiting;
  }

  get closed(): boolean {
    return this.#closed;
  }

  connect(): void {
    inCleanContext(() => soon(connectPool, this));
  }

  resetBackoff(): void {
    inCleanContext(() => soon(resetPool, this));
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    const waiting = this.pool.waitingCalls();
    for (const call of waiting) this.pool.forget(call);
    this.pool.retire();
    for (const call of waiting) this.channel.reroute(call);
    this.channel.roomChanged(this);
  }

  start<Out, InInit>(
    method: CalledMethod<InInit, Out>,
    options: StartOptions,
    listener: ClientListener,
  ): ClientStream<InInit, Out> {
    const call = new ClientCall<InInit, Out>(this.channel.methodOf(method), options, listener, this, true);
    const connection = this.pool.withRoom();
    if (connection === undefined) call.failSoon(Code.UNAVAILABLE, this.pool.waitingFor);
    else call.begin(connection.calls);
    return call;
  }

  /** @internal */
  get waitingFor(): string {
    return this.pool.waitingFor;
  }

  /** @internal */
  get authority(): string {
    return this.channel.authority;
  }

  /** @internal */
  noteEnd(): void {}

  /** @internal */
  callOver(call: PendingCall): void {
    this.pool.forget(call);
  }

  /** @internal */
  callRefused(call: PendingCall): void {
    call.failSoon(Code.UNAVAILABLE, "the server refused the call");
  }

  /** @internal */
  onPoolState(pool: ConnectionPool): void {
    if (pool.state !== "ready") this.#moveCalls();
    if (!this.#closed) this.#listener.onState(this);
  }

  /** @internal */
  onConnectFailed(): void {
    this.#moveCalls();
  }

  /** @internal */
  onPoolRoom(): void {
    this.channel.roomChanged(this);
  }

  /** @internal */
  onPoolCallEnd(code: Status, host: CallHost): void {
    if (!this.#closed && host !== this) this.#listener.onCallEnd?.(this, code);
  }

  /** @internal */
  onPoolPings(keepaliveTimeMs: number): void {
    this.channel.pingSeldom(keepaliveTimeMs);
  }

  #moveCalls(): void {
    for (const call of this.pool.waitingCalls()) {
      this.pool.forget(call);
      this.channel.reroute(call);
    }
  }
}

function connectPool(subchannel: RoutedSubchannel): void {
  if (!subchannel.closed) subchannel.pool.connect();
}

function resetPool(subchannel: RoutedSubchannel): void {
  if (!subchannel.closed) subchannel.pool.resetBackoff();
}
