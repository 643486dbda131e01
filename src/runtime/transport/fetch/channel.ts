import { startTimer, stopTimer } from "../../core/clock.js";
import { CHANNEL_CLOSED, CLOSED_MEANWHILE } from "../../core/closed-channel.js";
import { Deferred } from "../../core/deferred.js";
import type { CalledMethod } from "../../core/method.js";
import { status } from "../../core/status.js";
import { soon } from "../../core/turn.js";
import { takesWebEncoding } from "../../platform/web/compression-streams.js";
import { StateWatchers } from "../state-watchers.js";
import type {
  CallTotals,
  Channel,
  ChannelStats,
  ClientListener,
  ClientStream,
  ConnectivityState,
  Origin,
  StartOptions,
  WatchStateOptions,
} from "../transport.js";
import type { ResolvedFetchOptions } from "./channel-options.js";
import { type ClosableCall, FetchCall, type FetchHost } from "./fetch-call.js";
import { FetchMethods } from "./fetch-method.js";

/** Calls over fetch to one base URL. It has no connections of its own: those are the platform's. */
export class FetchChannel implements Channel, FetchHost {
  readonly address: string;
  readonly origin: Origin;
  readonly #settings: ResolvedFetchOptions;
  readonly #methods: FetchMethods;
  readonly #open = new Set<ClosableCall>();
  readonly #watchers = new StateWatchers();
  #state: ConnectivityState = "idle";
  #started = 0;
  #succeeded = 0;
  #failed = 0;
  #closing: Promise<void> | undefined;
  #emptied: Deferred<void> | undefined;

  constructor(base: URL, settings: ResolvedFetchOptions) {
    const secure = base.protocol === "https:";
    this.#settings = settings;
    this.origin = { authority: base.host, secure };
    this.address = `${base.hostname}:${base.port || (secure ? 443 : 80)}`;
    this.#methods = new FetchMethods(`${base.origin}${base.pathname.replace(/\/+$/, "")}`, settings);
  }

  /** "ready" where the last request was answered, "transient_failure" where it was not. */
  get state(): ConnectivityState {
    return this.#closing === undefined ? this.#state : "shutdown";
  }

  stats(): ChannelStats {
    const calls: CallTotals = { started: this.#started, succeeded: this.#succeeded, failed: this.#failed };
    return { openCalls: this.#open.size, waitingCalls: 0, connections: [], queuedBytes: 0, calls };
  }

  start<Out, InInit>(
    method: CalledMethod<InInit, Out>,
    options: StartOptions,
    listener: ClientListener,
  ): ClientStream<InInit, Out> {
    const call = new FetchCall(this.#methods.of(method), this.#settings, options, listener, this);
    this.#started++;
    this.#open.add(call);
    const refusal = this.#refusal(method, options);
    if (refusal === undefined) call.begin();
    else call.cancel(...refusal);
    return call;
  }

  /** Does nothing: fetch connects when it is asked for something. */
  connect(): void {}

  watchState(options?: WatchStateOptions): AsyncIterableIterator<ConnectivityState> {
    return this.#watchers.watch(() => this.state, options);
  }

  /** Does nothing: there is no wait between attempts, each call is one. */
  resetBackoff(): void {}

  close(options: { graceMs?: number } = {}): Promise<void> {
    this.#closing ??= this.#close(options.graceMs ?? 0);
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** @internal */
  noteAnswer(): void {
    this.#become("ready");
  }

  /** @internal */
  noteFailure(): void {
    this.#become("transient_failure");
  }

  /** @internal */
  callOver(call: ClosableCall, code: status): void {
    if (!this.#open.delete(call)) return;
    if (code === status.OK) this.#succeeded++;
    else this.#failed++;
    if (this.#open.size === 0) this.#emptied?.resolve();
  }

  #become(state: ConnectivityState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#watchers.changed();
  }

  /** Why a call cannot be made this way. */
  #refusal(
    { kind, path }: CalledMethod<never, unknown>,
    { compression, waitForReady }: StartOptions,
  ): readonly [status, string] | undefined {
    if (this.#closing !== undefined) return [status.UNAVAILABLE, CHANNEL_CLOSED];
    if (kind === "bidi_streaming") {
      const details = `${path} streams both ways at once, which fetch cannot: use webSocketChannel, or connect on Node`;
      return [status.UNIMPLEMENTED, details];
    }
    if (kind === "client_streaming" && !this.#settings.requestStreams) {
      const details = `${path} streams requests, which this platform's fetch cannot: use webSocketChannel, or connect on Node`;
      return [status.UNIMPLEMENTED, details];
    }
    if (!takesWebEncoding(compression)) {
      return [status.UNIMPLEMENTED, `this platform has no CompressionStream to compress with ${compression}`];
    }
    if (waitForReady) return [status.UNIMPLEMENTED, "waitForReady: fetch cannot tell when a server can be reached"];
    return undefined;
  }

  async #close(graceMs: number): Promise<void> {
    soon(() => this.#watchers.changed()); // once `#closing` is set
    if (this.#open.size === 0) return;
    const emptied = new Deferred<void>();
    this.#emptied = emptied;
    const timer = startTimer(() => this.#cancelAll(), graceMs);
    await emptied.promise;
    stopTimer(timer);
  }

  #cancelAll(): void {
    for (const call of this.#open) call.cancel(status.CANCELLED, CLOSED_MEANWHILE);
  }
}
