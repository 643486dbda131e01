import { EventEmitter } from "node:events";
import type { ServerCall } from "../call/server/types.js";
import type { ForeignMetadata, Metadata } from "../core/metadata.js";

/** A call as a handler of Nest gets it: what grpc-js's server calls have, and ours. */
export interface NestCall<Request = unknown> extends EventEmitter {
  /** The request; undefined where requests stream. */
  readonly request: Request | undefined;
  /** The request headers. */
  readonly metadata: Metadata | ForeignMetadata;
  /** The client cancelled, its deadline passed, or the connection was lost. The event `cancelled` tells it, too. */
  readonly cancelled: boolean;
  /** The same call with what this package gives handlers: `signal`, `context`, `trailer`, `timeoutMs()`. For `{ parent }`, too. */
  readonly serverCall: ServerCall;
  /** Sends the response headers, at most once, before the first message. */
  sendMetadata(header: Metadata | ForeignMetadata): void;
  /** `address:port` of the client. */
  getPeer(): string;
  /** `/package.Service/Method`. */
  getPath(): string;
  /** The `:authority` that was called. */
  getHost(): string;
  /** When the client's deadline passes, in milliseconds since 1970; Infinity where there is none: as grpc-js says it. */
  getDeadline(): number;
}

/** One call with no stream for the handler to hold: its messages come and go as arguments and results. */
export class HandledCall<Request> extends EventEmitter implements NestCall<Request> {
  readonly request: Request | undefined;
  readonly metadata: Metadata | ForeignMetadata;
  readonly serverCall: ServerCall;

  constructor(serverCall: ServerCall, metadata: Metadata | ForeignMetadata, request: Request | undefined) {
    super();
    this.serverCall = serverCall;
    this.metadata = metadata;
    this.request = request;
  }

  get cancelled(): boolean {
    return this.serverCall.signal.aborted;
  }

  /** The signal is asked for only where someone listens. */
  override on(event: string | symbol, listener: (...args: unknown[]) => void): this {
    if (event === "cancelled" && this.listenerCount("cancelled") === 0) this.#watch();
    return super.on(event, listener);
  }

  override addListener(event: string | symbol, listener: (...args: unknown[]) => void): this {
    return this.on(event, listener);
  }

  override once(event: string | symbol, listener: (...args: unknown[]) => void): this {
    if (event === "cancelled" && this.listenerCount("cancelled") === 0) this.#watch();
    return super.once(event, listener);
  }

  sendMetadata(header: Metadata | ForeignMetadata): void {
    this.serverCall.sendHeader(header);
  }

  getPeer(): string {
    return this.serverCall.peer;
  }

  getPath(): string {
    return this.serverCall.method.path;
  }

  getHost(): string {
    return this.serverCall.connection.authority ?? "";
  }

  getDeadline(): number {
    return deadlineOf(this.serverCall);
  }

  #watching = false;

  #watch(): void {
    if (this.#watching) return;
    this.#watching = true;
    whenCancelled(this.serverCall.signal, () => this.emit("cancelled", "cancelled"));
  }
}

/** When the call must be over, in milliseconds since 1970; Infinity where it need not. */
export function deadlineOf(call: ServerCall): number {
  return call.deadline?.getTime() ?? Number.POSITIVE_INFINITY;
}

/** Runs `then` once the call is over before its handler, also where it is so already. Returns what takes that back. */
export function whenCancelled(signal: AbortSignal, then: () => void): () => void {
  if (signal.aborted) {
    queueMicrotask(then);
    return () => {};
  }
  signal.addEventListener("abort", then, { once: true });
  return () => signal.removeEventListener("abort", then);
}
