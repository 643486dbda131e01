import { connectivityState, getClientChannel } from "@grpc/grpc-js";
import { startTimer, stopTimer } from "../../core/clock.js";
import type { CalledMethod } from "../../core/method.js";
import { status as Status } from "../../core/status.js";
import type { Channel, ClientListener, ClientStream, ConnectivityState, Origin, StartOptions } from "../transport.js";
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
  #closing: Promise<void> | undefined;
  #onIdle: (() => void) | undefined;

  constructor(clients: Clients) {
    this.#clients = clients;
  }

  get state(): ConnectivityState {
    if (this.#closing !== undefined) return "shutdown";
    const channel = getClientChannel(this.#clients.of("identity"));
    return STATES[channel.getConnectivityState(false)];
  }

  get origin(): Origin | undefined {
    const { secure } = this.#clients;
    if (secure === undefined) return undefined;
    // grpc-js writes targets as `dns:host:port`, or with an authority of the resolver's: `dns://8.8.8.8/host:port`.
    const target = getClientChannel(this.#clients.of("identity")).getTarget();
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
    if (this.#closing !== undefined) stream.cancel(Status.UNAVAILABLE, "the channel is closed");
    else stream.begin();
    return stream;
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

  async #close(graceMs: number): Promise<void> {
    if (this.#open.size > 0) {
      const idle = new Promise<void>((resolve) => {
        this.#onIdle = resolve;
      });
      const timer = startTimer(() => this.#cancelAll(), graceMs, undefined);
      await idle;
      stopTimer(timer);
    }
    this.#clients.close();
  }

  #cancelAll(): void {
    for (const stream of this.#open) stream.cancel(Status.CANCELLED, "the channel was closed");
  }
}
