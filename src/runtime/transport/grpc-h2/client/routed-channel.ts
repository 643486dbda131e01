import { inCleanContext } from "../../../core/async-context.js";
import { MAX_DELAY_MS, startTimer, stopTimer, type Timer } from "../../../core/clock.js";
import { CHANNEL_CLOSED } from "../../../core/closed-channel.js";
import { ignore } from "../../../core/deferred.js";
import { messageOf, RpcError } from "../../../core/rpc-error.js";
import * as Code from "../../../core/status-code.js";
import type {
  PickResult,
  Router,
  RouterFactory,
  RouterHost,
  SocketAddress,
  SubchannelListener,
} from "../../routing.js";
import type { ConnectivityState } from "../../transport.js";
import { CallList } from "../call-list.js";
import { ChannelBase } from "./channel-base.js";
import type { ResolvedChannelOptions } from "./channel-options.js";
import type { ConnectionPool } from "./connection-pool.js";
import type { CallOrigin, Destination } from "./destination.js";
import type { PendingCall } from "./pending-call.js";
import { RoutedSubchannel, type SubchannelOwner } from "./routed-subchannel.js";

/** How many further servers a call looks at, where the chosen one has no room for it. */
const FURTHER_PICKS = 3;

/** Calls over HTTP/2 to as many addresses as its router knows; the router chooses one for each call. */
export class RoutedChannel extends ChannelBase implements RouterHost, SubchannelOwner {
  #options: ResolvedChannelOptions;
  readonly #destinationOf: (address: SocketAddress) => Destination;
  readonly #router: Router;
  readonly #subchannels = new Set<RoutedSubchannel>();
  /** Calls that have no server yet. */
  readonly #waiting = new CallList<PendingCall>();
  /** Keeps the process alive while calls wait: names are looked up, and waits go by, without that. */
  #hold: Timer | undefined;
  #state: ConnectivityState = "idle";
  /** Whether the router runs: it may say something while it is being made. */
  #ready = false;

  constructor(
    target: CallOrigin,
    options: ResolvedChannelOptions,
    destinationOf: (address: SocketAddress) => Destination,
    router: RouterFactory,
  ) {
    super(target, options);
    this.#options = options;
    this.#destinationOf = destinationOf;
    this.#router = inCleanContext(() => router(this));
    this.#ready = true;
  }

  get waitingFor(): string {
    return this.#router.waitingFor;
  }

  connect(): void {
    if (!this.closed) inCleanContext(() => this.#router.connect());
  }

  resetBackoff(): void {
    if (!this.closed) inCleanContext(() => this.#router.resetBackoff());
  }

  createSubchannel(address: SocketAddress, listener: SubchannelListener): RoutedSubchannel {
    const subchannel = new RoutedSubchannel(this, address, this.#destinationOf(address), this.#options, listener);
    this.#subchannels.add(subchannel);
    return subchannel;
  }

  onChange(): void {
    if (!this.#ready) return;
    for (const call of this.#waiting.toArray()) {
      this.#waiting.remove(call);
      this.route(call);
    }
    this.#holdProcess();
    const { state } = this.#router;
    if (state === this.#state) return;
    this.#state = state;
    this.stateChanged();
  }

  /** @internal */
  callRefused(call: PendingCall): void {
    this.route(call);
  }

  /** A call waited at a server that cannot take it now. @internal */
  reroute(call: PendingCall): void {
    this.route(call);
  }

  /** For those that are made later, too: a server is not to be asked whether it minds again. @internal */
  pingSeldom(keepaliveTimeMs: number): void {
    this.#options = { ...this.#options, keepaliveTimeMs: Math.max(keepaliveTimeMs, this.#options.keepaliveTimeMs) };
    for (const pool of this.pools) pool.pingSeldom(keepaliveTimeMs);
  }

  /** A call or a connection ended. @internal */
  roomChanged(subchannel: RoutedSubchannel): void {
    if (subchannel.closed && subchannel.pool.connections.size === 0) this.#subchannels.delete(subchannel);
    if (this.closed) this.failStranded();
    this.checkEmpty();
  }

  protected get openState(): ConnectivityState {
    return this.#state;
  }

  protected get pools(): ConnectionPool[] {
    return Array.from(this.#subchannels, ({ pool }) => pool);
  }

  protected get waitingCalls(): PendingCall[] {
    return this.#waiting.toArray();
  }

  protected route(call: PendingCall): void {
    for (let further = FURTHER_PICKS; ; further--) {
      const picked = this.#pick(call);
      if (picked instanceof RoutedSubchannel && picked.channel === this) {
        const { pool } = picked;
        const connection = pool.withRoom();
        if (connection !== undefined) call.begin(connection.calls);
        else if (pool.state !== "ready") this.#wait(call);
        else if (further > 0) continue;
        else pool.wait(call);
        return;
      }
      if (picked === undefined || (call.options.waitForReady && !this.closed)) this.#wait(call);
      else if (picked instanceof RpcError) call.failSoon(picked.code, picked.details);
      else call.failSoon(Code.INTERNAL, "the load balancer picked what is no subchannel of this channel");
      return;
    }
  }

  protected forget(call: PendingCall): void {
    this.#waiting.remove(call);
    for (const { pool } of this.#subchannels) if (pool.waiting > 0) pool.forget(call);
    this.#holdProcess();
  }

  /** A policy may try its servers one after the other: after the close it waits for ever for the next one. */
  protected failStranded(): void {
    const { pools } = this;
    const inVain =
      pools.length === 0 ? this.#router.state === "transient_failure" : pools.every((pool) => pool.stranded);
    if (inVain) for (const call of this.waitingCalls) call.failSoon(Code.UNAVAILABLE, CHANNEL_CLOSED);
  }

  protected rest(): void {
    this.#router.rest();
  }

  protected stop(): void {
    this.#router.close();
    stopTimer(this.#hold);
    this.#hold = undefined;
  }

  /** Until the router knows more. */
  #wait(call: PendingCall): void {
    this.#waiting.add(call);
    this.#holdProcess();
  }

  #pick(call: PendingCall): PickResult {
    try {
      return this.#router.pick(call);
    } catch (error) {
      return new RpcError(Code.INTERNAL, `the load balancer threw: ${messageOf(error)}`);
    }
  }

  #holdProcess(): void {
    if (this.#waiting.size === 0) {
      stopTimer(this.#hold);
      this.#hold = undefined;
    } else this.#hold ??= inCleanContext(() => startTimer(ignore, MAX_DELAY_MS));
  }
}
