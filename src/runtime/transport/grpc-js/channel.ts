import { connectivityState, getClientChannel } from "@grpc/grpc-js";
import { startTimer, stopTimer } from "../../core/clock.js";
import { CHANNEL_CLOSED, CLOSED_MEANWHILE } from "../../core/closed-channel.js";
import type { CalledMethod } from "../../core/method.js";
import { RpcError } from "../../core/rpc-error.js";
import { status as Status } from "../../core/status.js";
import { soon } from "../../core/turn.js";
import { StateWatchers } from "../state-watchers.js";
import type {
  Channel,
  ClientListener,
  ClientStream,
  ConnectivityState,
  Origin,
  StartOptions,
  WatchStateOptions,
} from "../transport.js";
import { GrpcJsClientStream } from "./client-stream.js";
import type { Clients } from "./clients.js";

/** An open call, as closing needs it. */
interface Cancellable {
  cancel(code: Status, details: string): void;
}

const STATES: Readonly<Record<connectivityState, ConnectivityState>> = {
  [connectivityState.IDLE]: "idle",
  [connectivityState.CONNECTING]: "connecting",
  [connectivityState.READY]: "ready",
  [connectivityState.TRANSIENT_FAILURE]: "transient_failure",
  [connectivityState.SHUTDOWN]: "shutdown",
};

/** Calls over grpc-js Clients. */
export class GrpcJsChannel implements Channel {
  readonly #clients: Clients;
  readonly #open = new Set<Cancellable>();
  readonly #watchers = new StateWatchers();
  #following = false;
  #closing: Promise<void> | undefined;
  #onIdle: (() => void) | undefined;

  constructor(clients: Clients) {
    this.#clients = clients;
  }

  get state(): ConnectivityState {
    if (this.#closing !== undefined) return "shutdown";
    return STATES[this.#channel().getConnectivityState(false)];
  }

  get origin(): Origin | undefined {
    const { secure } = this.#clients;
    if (secure === undefined) return undefined;
    // grpc-js writes targets as `dns:host:port`, or with an authority of the resolver's: `dns://8.8.8.8/host:port`.
    const target = this.#channel().getTarget();
    return { authority: target.replace(/^[a-z-]+:(?:\/\/[^/]*\/)?/, ""), secure };
  }

  start<Out, InInit>(
    method: CalledMethod<InInit, Out>,
    options: StartOptions,
    listener: ClientListener,
  ): ClientStream<InInit, Out> {
    const client = this.#clients.of(this.#closing === undefined ? options.compression : "identity");
    const stream = new GrpcJsClientStream(client, method, options, listener, this.#over);
    this.#open.add(stream);
    if (this.#closing !== undefined) stream.cancel(Status.UNAVAILABLE, CHANNEL_CLOSED);
    else stream.begin();
    return stream;
  }

  connect(): void {
    if (this.#closing === undefined) this.#channel().getConnectivityState(true);
  }

  watchState(options?: WatchStateOptions): AsyncIterableIterator<ConnectivityState> {
    this.#followState();
    return this.#watchers.watch(() => this.state, options);
  }

  resetBackoff(): never {
    throw new RpcError(Status.UNIMPLEMENTED, "grpc-js cannot reset its backoff: make a channel anew");
  }

  close(options: { graceMs?: number } = {}): Promise<void> {
    this.#closing ??= this.#close(options.graceMs ?? 0);
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  readonly #over = (stream: Cancellable): void => {
    this.#open.delete(stream);
    if (this.#open.size === 0) this.#onIdle?.();
  };

  #channel(): ReturnType<typeof getClientChannel> {
    return getClientChannel(this.#clients.of("identity"));
  }

  /** grpc-js reports one state change for each call of `watchConnectivityState`. */
  #followState(): void {
    const state = this.#channel().getConnectivityState(false);
    if (this.#following || state === connectivityState.SHUTDOWN) return;
    this.#following = true;
    this.#channel().watchConnectivityState(state, Number.POSITIVE_INFINITY, () => {
      this.#following = false;
      this.#watchers.changed();
      this.#followState();
    });
  }

  async #close(graceMs: number): Promise<void> {
    soon(() => this.#watchers.changed()); // once `#closing` is set
    if (this.#open.size > 0) {
      const idle = new Promise<void>((resolve) => {
        this.#onIdle = resolve;
      });
      const timer = startTimer(() => this.#cancelAll(), graceMs);
      await idle;
      stopTimer(timer);
    }
    this.#clients.close();
  }

  #cancelAll(): void {
    for (const stream of this.#open) stream.cancel(Status.CANCELLED, CLOSED_MEANWHILE);
  }
}
