import { monotonicMs } from "../core/clock.js";
import { CHANNEL_CLOSED } from "../core/closed-channel.js";
import type { Metadata } from "../core/metadata.js";
import type { CalledMethod } from "../core/method.js";
import { type StatusObject, statusObject } from "../core/rpc-error.js";
import { status } from "../core/status.js";
import { nextTurn, soon } from "../core/turn.js";
import { ForwardingChannel } from "../transport/forwarding-channel.js";
import type {
  Channel,
  ChannelStats,
  ClientListener,
  ClientStream,
  ConnectivityState,
  StartOptions,
} from "../transport/transport.js";
import { NO_MESSAGES } from "../wire/no-messages.js";
import { type ConfiguredMethod, ConfiguredMethods } from "./configured-methods.js";
import { type ConfigureChannel, loadedCode } from "./loaded-code.js";
import {
  HedgingPlan,
  type PlanMaker,
  RetriedCall,
  RetryingCalls,
  type RetryOptions,
  RetryPlan,
  type RetryThrottle,
  retryLimits,
} from "./retry/index.js";
import { type ParsedMethodConfig, type ParsedServiceConfig, parseServiceConfig } from "./service-config/index.js";

/** The config of a channel: one that stays, or what holds at this moment (undefined: none), as a resolver brings it. */
export type ServiceConfigSource = ParsedServiceConfig | (() => ParsedServiceConfig | undefined);

/** The channel with a service config for every call. Options that the caller sets take precedence. */
export function withServiceConfig(
  inner: Channel,
  config: ServiceConfigSource,
  retries: RetryOptions | false | undefined = undefined,
): Channel {
  return new ServiceConfigChannel(inner, config, retries);
}

/**
 * As {@link withServiceConfig}, of a config as everyone writes it.
 * @throws TypeError for a config that is wrong
 */
export const configureChannel: ConfigureChannel = (inner, serviceConfig, retries) =>
  withServiceConfig(inner, parseServiceConfig(serviceConfig), retries);

loadedCode.configureChannel = configureChannel;

/** A channel whose calls have timeouts, limits, retries and hedging by a service config. Calls that need none of these pass through. */
class ServiceConfigChannel extends ForwardingChannel {
  readonly #inner: Channel;
  readonly #source: () => ParsedServiceConfig | undefined;
  readonly #calls: RetryingCalls;
  #config: ParsedServiceConfig | undefined;
  #methods: ConfiguredMethods;
  #closing: Promise<void> | undefined;

  constructor(inner: Channel, config: ServiceConfigSource, retries: RetryOptions | false | undefined) {
    super();
    this.#inner = inner;
    this.#source = typeof config === "function" ? config : () => config;
    this.#calls = new RetryingCalls(retryLimits(retries));
    this.#config = this.#source();
    this.#methods = new ConfiguredMethods(this.#config);
    this.#calls.throttle.rule = this.#config?.retryThrottling;
  }

  protected get inner(): Channel {
    return this.#inner;
  }

  override get state(): ConnectivityState {
    return this.#closing === undefined ? this.#inner.state : "shutdown";
  }

  override get stats(): (() => ChannelStats) | undefined {
    const inner = this.#inner;
    return inner.stats === undefined ? undefined : () => this.#calls.statsOver(inner.stats!()); // asked a moment ago
  }

  start<Out, InInit>(
    method: CalledMethod<InInit, Out>,
    options: StartOptions,
    listener: ClientListener,
  ): ClientStream<InInit, Out> {
    if (this.#closing !== undefined) return refusedCall(listener);
    this.#refresh();
    const configured = this.#methods.of(method);
    const { config } = configured;
    const wanted = config === undefined ? options : configuredOptions(options, config);
    const plan = this.#planOf(configured);
    if (plan !== undefined) {
      return new RetriedCall(this.#inner, configured.replayed, wanted, listener, this.#calls, plan);
    }
    const { throttle } = this.#calls;
    const heard = throttle.active ? new CountingListener(listener, throttle) : listener;
    return this.#inner.start(configured.method, wanted, heard);
  }

  override close(options: { graceMs?: number } = {}): Promise<void> {
    this.#closing ??= this.#close(options.graceMs ?? 0);
    return this.#closing;
  }

  /** A resolver may have brought another config; calls that are open keep theirs. */
  #refresh(): void {
    const config = this.#source();
    if (config === this.#config) return;
    this.#config = config;
    this.#methods = new ConfiguredMethods(config);
    this.#calls.throttle.rule = config?.retryThrottling;
  }

  #planOf({ retryPolicy, hedgingPolicy }: ConfiguredMethod<never, unknown>): PlanMaker | undefined {
    const { limits, throttle } = this.#calls;
    const policy = retryPolicy ?? hedgingPolicy;
    if (policy === undefined) return undefined;
    const maxAttempts = Math.min(policy.maxAttempts, limits.maxAttempts);
    if (maxAttempts < 2) return undefined;
    if (retryPolicy !== undefined) {
      return { hedges: false, make: (call) => new RetryPlan(retryPolicy, maxAttempts, throttle, call) };
    }
    if (hedgingPolicy === undefined) return undefined;
    return { hedges: true, make: (call) => new HedgingPlan(hedgingPolicy, maxAttempts, throttle, call) };
  }

  async #close(graceMs: number): Promise<void> {
    const until = monotonicMs() + graceMs;
    // Further attempts need the channel below open; what is one attempt alone has its grace there.
    if (graceMs > 0) await this.#calls.settled(graceMs);
    await new Promise<void>((resolve) => nextTurn(resolve)); // not from within the caller's stack
    this.#calls.close();
    await this.#inner.close({ graceMs: Math.max(0, until - monotonicMs()) });
  }
}

/** Counts calls that succeed; which of the others count as failures is a matter of policies, and these have none. */
class CountingListener implements ClientListener {
  readonly #listener: ClientListener;
  readonly #throttle: RetryThrottle;

  constructor(listener: ClientListener, throttle: RetryThrottle) {
    this.#listener = listener;
    this.#throttle = throttle;
  }

  onHeader(header: Metadata): void {
    this.#listener.onHeader(header);
  }

  onReadable(): void {
    this.#listener.onReadable();
  }

  onDrain(): void {
    this.#listener.onDrain();
  }

  onStatus(result: StatusObject): void {
    if (result.code === status.OK) this.#throttle.succeeded();
    this.#listener.onStatus(result);
  }
}

/** The caller's options, completed by the config. The earlier of the two deadlines holds. */
function configuredOptions(options: StartOptions, config: ParsedMethodConfig): StartOptions {
  const { timeoutMs, waitForReady } = config;
  if (timeoutMs === undefined && waitForReady === undefined) return options;
  return {
    ...options,
    deadline: timeoutMs === undefined ? options.deadline : Math.min(options.deadline, monotonicMs() + timeoutMs),
    waitForReady: options.waitForReady ?? waitForReady,
  };
}

/** A call that is made when the channel is closed. */
function refusedCall<InInit, Out>(listener: ClientListener): ClientStream<InInit, Out> {
  let over = false;
  const end = (code: status, details: string): void => {
    if (over) return;
    over = true;
    soon((result) => listener.onStatus(result), statusObject(code, details));
  };
  end(status.UNAVAILABLE, CHANNEL_CLOSED);
  return { peer: "unknown", received: NO_MESSAGES, write: () => false, closeSend: () => {}, cancel: end };
}
