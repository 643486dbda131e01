import { epochOf, monotonicMs } from "../../core/clock.js";
import { CallContext } from "../../core/context.js";
import { type ForeignMetadata, Metadata } from "../../core/metadata.js";
import type { AnyMethod } from "../../core/method.js";
import { RpcError, type StatusObject } from "../../core/rpc-error.js";
import { status as Status } from "../../core/status.js";
import type { CallConnection, ServerStream } from "../../transport/transport.js";
import type { ServerCall } from "./types.js";

/** The call behind a surface. */
export interface SurfacedCall {
  readonly method: AnyMethod;
  readonly compressed: boolean | undefined;
  readonly isOver: boolean;
  /** Makes the error with which it ended before its handler did; undefined where it did not. */
  readonly aborted: (() => RpcError) | undefined;
}

/**
 * What handlers and interceptors may know and say of a call beside its messages: its request headers, time and peer; its signal, context,
 * response headers and trailers. Made when somebody asks for one of them, as is each of the objects in it.
 */
export class CallSurface implements ServerCall {
  readonly #call: SurfacedCall;
  readonly #stream: ServerStream<unknown, never>;
  #context: CallContext | undefined;
  #controller: AbortController | undefined;
  #trailer: Metadata | undefined;
  #headerSent = false;

  constructor(call: SurfacedCall, stream: ServerStream<unknown, never>) {
    this.#call = call;
    this.#stream = stream;
  }

  get method(): AnyMethod {
    return this.#call.method;
  }

  get metadata(): Metadata {
    return this.#stream.metadata;
  }

  get peer(): string {
    return this.#stream.peer;
  }

  get connection(): CallConnection {
    return this.#stream.connection ?? { peer: this.peer, authority: undefined, tls: undefined };
  }

  get compressed(): boolean | undefined {
    return this.#call.compressed;
  }

  get deadline(): Date | undefined {
    const { deadline } = this.#stream;
    return Number.isFinite(deadline) ? new Date(epochOf(deadline)) : undefined;
  }

  timeoutMs(): number {
    return Math.max(0, this.#stream.deadline - monotonicMs());
  }

  get context(): CallContext {
    this.#context ??= new CallContext();
    return this.#context;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      this.abort();
    }
    return this.#controller.signal;
  }

  /** Tells who holds the signal, where the call has been aborted. */
  abort(): void {
    const { aborted } = this.#call;
    if (aborted !== undefined) this.#controller?.abort(aborted());
  }

  sendHeader(header: Metadata | ForeignMetadata = new Metadata()): void {
    const { isOver, method } = this.#call;
    if (isOver) return;
    if (this.#headerSent) throw new RpcError(Status.INTERNAL, "the header was sent already", { method: method.path });
    this.#headerSent = true;
    this.#stream.sendHeader(Metadata.from(header));
  }

  get trailer(): Metadata {
    this.#trailer ??= new Metadata();
    return this.#trailer;
  }

  /** The status with what is in the trailer. */
  withTrailer(status: StatusObject): StatusObject {
    if (this.#trailer === undefined) return status;
    const metadata = status.metadata.clone();
    metadata.merge(this.#trailer);
    return { code: status.code, details: status.details, metadata };
  }
}
