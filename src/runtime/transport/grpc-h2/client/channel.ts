import * as Code from "../../../core/status-code.js";
import type { ConnectivityState } from "../../transport.js";
import { ChannelBase } from "./channel-base.js";
import type { ResolvedChannelOptions } from "./channel-options.js";
import { ConnectionPool, type PoolOwner } from "./connection-pool.js";
import type { CallOrigin, Destination } from "./destination.js";
import type { PendingCall } from "./pending-call.js";

/**
 * Calls over HTTP/2 to one target. Connects when the first call is made, connects again when a connection is lost, and
 * opens further connections when the server limits the calls on one.
 */
export class Http2Channel extends ChannelBase implements PoolOwner {
  readonly #pool: ConnectionPool;
  protected readonly pools: readonly ConnectionPool[];
  protected readonly waitingCalls: readonly PendingCall[] = [];

  constructor(destination: CallOrigin & Destination, options: ResolvedChannelOptions) {
    super(destination, options);
    this.#pool = new ConnectionPool(destination, options, this, { backsOffUnused: false });
    this.pools = [this.#pool];
  }

  get waitingFor(): string {
    return this.#pool.waitingFor;
  }

  connect(): void {
    if (!this.closed) this.#pool.connect();
  }

  resetBackoff(): void {
    if (!this.closed) this.#pool.resetBackoff();
  }

  /** @internal */
  callRefused(call: PendingCall): void {
    this.route(call);
  }

  /** @internal */
  onPoolState(): void {
    this.stateChanged();
  }

  /** @internal */
  onConnectFailed(pool: ConnectionPool): void {
    for (const call of pool.waitingCalls()) {
      if (call.options.waitForReady && !this.closed) continue;
      call.fail(Code.UNAVAILABLE, pool.lastFailure);
    }
  }

  /** @internal */
  onPoolRoom(): void {
    this.checkEmpty();
  }

  protected get openState(): ConnectivityState {
    return this.#pool.state;
  }

  protected route(call: PendingCall): void {
    const pool = this.#pool;
    const connection = pool.withRoom();
    if (connection !== undefined) call.begin(connection.calls);
    else if (pool.failing && !call.options.waitForReady) call.failSoon(Code.UNAVAILABLE, pool.lastFailure);
    else pool.wait(call);
  }

  protected forget(call: PendingCall): void {
    this.#pool.forget(call);
  }

  protected rest(): void {
    this.#pool.rest();
  }

  protected failStranded(): void {
    this.#pool.failStranded();
  }

  protected stop(): void {}
}
