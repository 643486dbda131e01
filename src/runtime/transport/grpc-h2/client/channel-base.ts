import { startTimer, stopTimer } from "../../../core/clock.js";
import { CHANNEL_CLOSED, CLOSED_MEANWHILE } from "../../../core/closed-channel.js";
import { Deferred } from "../../../core/deferred.js";
import type { CalledMethod } from "../../../core/method.js";
import type { status } from "../../../core/status.js";
import * as Code from "../../../core/status-code.js";
import { nextTurn } from "../../../core/turn.js";
import { StateWatchers } from "../../state-watchers.js";
import { statsOf } from "../../stats.js";
import type {
  Channel,
  ChannelStats,
  ClientListener,
  ClientStream,
  ConnectionStats,
  ConnectivityState,
  Origin,
  StartOptions,
  WatchStateOptions,
} from "../../transport.js";
import { CallCounts } from "../call-counts.js";
import type { ChannelNews } from "../limits.js";
import type { ResolvedChannelOptions } from "./channel-options.js";
import { ClientCall } from "./client-call.js";
import { type ClientMethod, ClientMethods } from "./client-method.js";
import type { ConnectionPool } from "./connection-pool.js";
import type { CallOrigin } from "./destination.js";
import { IdleWatch } from "./idle-watch.js";
import type { CallHost, PendingCall } from "./pending-call.js";

/** What channels over HTTP/2 have in common, to one address or to many: calls begin here, are counted here and end here. */
export abstract class ChannelBase implements Channel, CallHost {
  readonly #target: CallOrigin;
  readonly #methods: ClientMethods;
  readonly #counts = new CallCounts();
  readonly #watchers = new StateWatchers();
  readonly #idle: IdleWatch;
  /** @internal */
  readonly news: ChannelNews | undefined;
  #closed = false;
  #emptied: Deferred<void> | undefined;

  constructor(target: CallOrigin, options: ResolvedChannelOptions) {
    this.#target = target;
    this.news = options.news;
    const { scheme, authority } = target;
    const { userAgent, compressor } = options;
    this.#methods = new ClientMethods({ scheme, authority, userAgent, accepts: compressor.accepts }, options);
    this.#idle = new IdleWatch(options.clientIdleTimeoutMs, this);
  }

  /** Begins the call, lets it wait for a connection, or fails it soon. */
  protected abstract route(call: PendingCall): void;
  /** A call that waits in no pool waits no longer. */
  protected abstract forget(call: PendingCall): void;
  /** Where its connections are. */
  protected abstract readonly pools: Iterable<ConnectionPool>;
  /** Calls that wait in none of the pools. */
  protected abstract readonly waitingCalls: readonly PendingCall[];
  /** {@link state} while it is not closed. */
  protected abstract readonly openState: ConnectivityState;
  /** Closes what no call needs; the next call connects again. Only while no call is open. */
  protected abstract rest(): void;
  /** It is closed: ends the calls that wait for a connection that will not come any more. */
  protected abstract failStranded(): void;
  /** All calls are over: whatever is to be stopped beside the pools. */
  protected abstract stop(): void;
  abstract readonly waitingFor: string;
  abstract connect(): void;
  abstract resetBackoff(): void;
  abstract callRefused(call: PendingCall): void;

  get origin(): Origin {
    const { authority, scheme, name } = this.#target;
    return { authority, secure: scheme === "https" || name === "in-process" };
  }

  get state(): ConnectivityState {
    return this.#closed ? "shutdown" : this.openState;
  }

  watchState(options?: WatchStateOptions): AsyncIterableIterator<ConnectivityState> {
    return this.#watchers.watch(() => this.state, options);
  }

  stats(): ChannelStats {
    const connections: ConnectionStats[] = [];
    for (const pool of this.pools) for (const connection of pool.connections) connections.push(connection.stats());
    return statsOf(connections, this.#waitingCount(), this.#counts.now);
  }

  start<Out, InInit>(
    method: CalledMethod<InInit, Out>,
    options: StartOptions,
    listener: ClientListener,
  ): ClientStream<InInit, Out> {
    this.#counts.begun();
    const call = new ClientCall<InInit, Out>(this.#methods.of(method), options, listener, this);
    if (this.#closed) call.failSoon(Code.UNAVAILABLE, CHANNEL_CLOSED);
    else this.route(call);
    return call;
  }

  async close(options: { graceMs?: number } = {}): Promise<void> {
    this.#closed = true;
    this.#idle.stop();
    for (const pool of this.pools) pool.stop();
    this.#watchers.changed();
    const graceMs = options.graceMs ?? 0;
    if (graceMs > 0) {
      this.failStranded();
      if (this.#open() > 0) await this.#empty(graceMs);
    }
    // Not from within the caller's stack, nor an event of HTTP/2.
    await new Promise<void>((resolve) => nextTurn(resolve));
    const pools = [...this.pools];
    for (const call of this.waitingCalls) call.fail(Code.CANCELLED, CLOSED_MEANWHILE);
    for (const pool of pools) for (const call of pool.waitingCalls()) call.fail(Code.CANCELLED, CLOSED_MEANWHILE);
    this.stop();
    await Promise.all(pools.map((pool) => pool.shut(Code.CANCELLED, CLOSED_MEANWHILE)));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** @internal */
  get closed(): boolean {
    return this.#closed;
  }

  /** @internal */
  get authority(): string {
    return this.#target.authority;
  }

  /** For error texts. @internal */
  get name(): string {
    return this.#target.name;
  }

  /** @internal */
  noteEnd(code: status): void {
    this.#counts.ended(code);
  }

  /** @internal */
  callOver(call: PendingCall): void {
    this.forget(call);
    this.checkEmpty();
  }

  /** Calls since the beginning: what says whether there were any for a while. @internal */
  get startedCalls(): number {
    return this.#counts.started;
  }

  /** @internal */
  get hasCalls(): boolean {
    return this.#open() > 0;
  }

  /** @internal */
  onIdle(): void {
    this.rest();
  }

  /** @internal */
  methodOf<Out, InInit>(method: CalledMethod<InInit, Out>): ClientMethod<InInit, Out> {
    return this.#methods.of(method);
  }

  /** The state is another than before. */
  protected stateChanged(): void {
    if (this.#closed) return;
    this.#idle.watch(this.state !== "idle");
    this.#watchers.changed();
  }

  /** A call or a connection ended. */
  protected checkEmpty(): void {
    if (this.#emptied !== undefined && this.#open() === 0) this.#emptied.resolve();
  }

  #waitingCount(): number {
    let waiting = this.waitingCalls.length;
    for (const pool of this.pools) waiting += pool.waiting;
    return waiting;
  }

  #open(): number {
    let open = this.#waitingCount();
    for (const pool of this.pools) open += pool.active;
    return open;
  }

  /** Resolves when no call is open, or after so many milliseconds. */
  async #empty(graceMs: number): Promise<void> {
    let late = false;
    const timer = startTimer(
      () => {
        late = true;
        this.#emptied?.resolve();
      },
      graceMs,
      undefined,
    );
    // Looks again each time: a call that is sent again is on no connection for a moment.
    while (!late && this.#open() > 0) {
      this.#emptied = new Deferred<void>();
      await this.#emptied.promise;
    }
    stopTimer(timer);
  }
}
