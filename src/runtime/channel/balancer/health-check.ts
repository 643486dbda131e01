import { Metadata } from "../../core/metadata.js";
import { status } from "../../core/status.js";
import type { Address, Subchannel, SubchannelListener } from "../../transport/routing.js";
import type { ClientListener, ClientStream, ConnectivityState } from "../../transport/transport.js";
import { type HealthRequest, healthWatch, ServingStatus } from "./health-protocol.js";
import type { LoadBalancerFactory, LoadBalancerHost } from "./load-balancer.js";
import { unwrapping, WrappedSubchannel } from "./wrapped-subchannel.js";

/** Which service's health is watched. */
export interface HealthCheckOptions {
  /** The full name of the service; "" for the server as a whole. */
  readonly serviceName: string;
}

const FIRST_RETRY_MS = 1000;
const MAX_RETRY_MS = 120_000;
const RETRY_FACTOR = 1.6;

/**
 * Client-side health checking (gRFC A17): watches `grpc.health.v1.Health` on each connection, and lets the policy see only those servers as
 * ready that say SERVING. A server that does not implement it counts as healthy.
 */
export function withHealthCheck(child: LoadBalancerFactory, { serviceName }: HealthCheckOptions): LoadBalancerFactory {
  return (host) =>
    child({
      createSubchannel: (address, listener) => new CheckedSubchannel(host, address, listener, serviceName),
      update: (state, picker) => host.update(state, unwrapping(picker)),
      requestResolution: () => host.requestResolution(),
      clock: host.clock,
      random: host.random,
    });
}

/** What the last answer makes of a connection that is ready. */
type Health = "connecting" | "ready" | "transient_failure";

class CheckedSubchannel extends WrappedSubchannel {
  readonly inner: Subchannel;
  readonly #host: LoadBalancerHost;
  readonly #listener: SubchannelListener;
  readonly #serviceName: string;
  #health: Health = "connecting";
  #failure = "";
  #watch: Watch | undefined;
  #cancelRetry: (() => void) | undefined;
  #retryMs = FIRST_RETRY_MS;

  constructor(host: LoadBalancerHost, address: Address, listener: SubchannelListener, serviceName: string) {
    super();
    this.#host = host;
    this.#listener = listener;
    this.#serviceName = serviceName;
    const { onCallEnd } = listener;
    this.inner = host.createSubchannel(address, {
      onState: () => this.#onInnerState(),
      ...(onCallEnd === undefined ? {} : { onCallEnd: (_, code) => onCallEnd.call(listener, this, code) }),
    });
  }

  get state(): ConnectivityState {
    return this.inner.state === "ready" ? this.#health : this.inner.state;
  }

  override get lastFailure(): string {
    return this.inner.state === "ready" ? this.#failure : this.inner.lastFailure;
  }

  override close(): void {
    this.#stop();
    super.close();
  }

  #onInnerState(): void {
    this.#stop();
    this.#health = "connecting";
    this.#failure = "";
    if (this.inner.state === "ready") this.#begin();
    this.#listener.onState(this);
  }

  #stop(): void {
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    this.#watch?.cancel();
    this.#watch = undefined;
  }

  #begin(): void {
    this.#cancelRetry = undefined;
    const watch = new Watch({
      onAnswer: (serving) => {
        if (this.#watch !== watch) return;
        this.#retryMs = FIRST_RETRY_MS;
        if (serving === ServingStatus.SERVING) this.#set("ready", "");
        else this.#set("transient_failure", `${this.#place()} is not serving (health status ${serving})`);
      },
      onEnd: (code, details) => {
        if (this.#watch !== watch) return;
        this.#watch = undefined;
        // "The client … should assume the server is healthy" where the method is not implemented (A17).
        if (code === status.UNIMPLEMENTED) this.#set("ready", "");
        else this.#retry(details);
      },
    });
    this.#watch = watch;
    watch.begin(this.inner, this.#serviceName);
  }

  #retry(details: string): void {
    this.#set("transient_failure", `the health check of ${this.#place()} failed: ${details}`);
    this.#cancelRetry = this.#host.clock.after(this.#retryMs, () => this.#begin());
    this.#retryMs = Math.min(this.#retryMs * RETRY_FACTOR, MAX_RETRY_MS);
  }

  #set(health: Health, failure: string): void {
    this.#failure = failure;
    if (this.#health === health) return;
    this.#health = health;
    this.#listener.onState(this);
  }

  #place(): string {
    return this.#serviceName === "" ? "the server" : `the service ${this.#serviceName}`;
  }
}

/** The listener of a watch. */
interface WatchListener {
  onAnswer(serving: number): void;
  onEnd(code: status, details: string): void;
}

/** One call of `grpc.health.v1.Health/Watch`. */
class Watch implements ClientListener {
  readonly #listener: WatchListener;
  #stream: ClientStream<HealthRequest, number> | undefined;

  constructor(listener: WatchListener) {
    this.#listener = listener;
  }

  begin(subchannel: Subchannel, service: string): void {
    const options = {
      metadata: new Metadata(),
      deadline: Number.POSITIVE_INFINITY,
      waitForReady: false,
      compression: "identity",
      highWaterMark: 1024,
    } as const;
    this.#stream = subchannel.start(healthWatch, options, this);
    this.#stream.write({ service });
    this.#stream.closeSend();
  }

  cancel(): void {
    this.#stream?.cancel(status.CANCELLED, "the health check is over");
  }

  onHeader(): void {}

  onDrain(): void {}

  onReadable(): void {
    const received = this.#stream?.received;
    try {
      let last: number | undefined;
      while (received !== undefined && received.waiting > 0) last = received.next();
      if (last !== undefined) this.#listener.onAnswer(last);
    } catch {
      this.#stream?.cancel(status.INTERNAL, "the answer is no HealthCheckResponse"); // `onStatus` follows
    }
  }

  onStatus({ code, details }: { readonly code: status; readonly details: string }): void {
    this.#listener.onEnd(code, `${status[code]} ${details}`.trim());
  }
}
