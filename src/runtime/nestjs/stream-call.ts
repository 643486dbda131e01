import { Duplex } from "node:stream";
import type { MessageReceiver, MessageSender } from "../call/message-types.js";
import type { ServerCall } from "../call/server/types.js";
import { type ForeignMetadata, isMetadata, type Metadata } from "../core/metadata.js";
import { deadlineOf, type NestCall, whenCancelled } from "./call.js";
import { errorOfFilter } from "./errors.js";

/** A call with both halves, or with the receiving one alone. */
export type StreamingCall = ServerCall & MessageReceiver<unknown> & Partial<MessageSender<unknown>>;

/**
 * What a handler of `@GrpcStreamCall` holds: a Node stream of messages with the members of grpc-js's `ServerDuplexStream`.
 * `end(trailer?)` ends the call with OK, `emit("error", error)` and `destroy(error)` with the status of the error. Reading and
 * writing follow flow control: `write` returns false until the client has room, `drain` says when. Unlike grpc-js's, a cancelled
 * call does not end like a complete one: the stream fails with the RpcError, behind the event `cancelled`. `for await` over it
 * may end without ending the call.
 */
export class StreamCall extends Duplex implements NestCall {
  /** Undefined: requests are read from the stream. */
  readonly request: undefined;
  /** What the client sent with the call. */
  readonly metadata: Metadata | ForeignMetadata;
  /** The call as handlers outside of Nest get it. */
  readonly serverCall: ServerCall;
  /** How the handler ended the call: resolves for OK. */
  readonly done: Promise<void>;
  readonly #call: StreamingCall;
  #settle!: { readonly resolve: () => void; readonly reject: (error: unknown) => void };

  constructor(call: StreamingCall, metadata: Metadata | ForeignMetadata) {
    super({ objectMode: true, autoDestroy: false, readableHighWaterMark: 1, writableHighWaterMark: 1 });
    this.#call = call;
    this.serverCall = call;
    this.metadata = metadata;
    this.done = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    this.done.catch(() => {}); // whoever awaits it hears of it
    // Also keeps the process alive where the handler listens to no errors.
    this.on("error", (error: unknown) => this.#settle.reject(errorOfFilter(error)));
    const stopListening = whenCancelled(call.signal, () => {
      this.emit("cancelled", "cancelled");
      this.destroy(call.signal.reason);
    });
    this.done.then(stopListening, stopListening);
  }

  /** Whether the response is no longer needed. */
  get cancelled(): boolean {
    return this.#call.signal.aborted;
  }

  /** Called by Node. */
  override _read(): void {
    this.#call.recv().then(
      (message) => this.push(message === undefined ? null : message),
      (error: Error) => this.destroy(error),
    );
  }

  /** Called by Node. */
  override _write(message: unknown, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    if (this.#call.send === undefined) {
      done(new TypeError(`${this.getPath()} has one response: give it to the callback`));
      return;
    }
    this.#call.send(message).then(
      () => done(),
      (error: Error) => done(error),
    );
  }

  /** Called by Node. */
  override _final(done: () => void): void {
    done();
    if (this.#call.send !== undefined) this.#settle.resolve();
  }

  /** Called by Node. */
  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    done(error);
    if (error === null) this.#settle.reject(new Error(`${this.getPath()}: the handler destroyed its stream`));
  }

  /** grpc-js's `end(trailer)`; else as any stream's. */
  override end(...args: unknown[]): this {
    const [first, ...rest] = args;
    if (!isMetadata(first)) return super.end(...(args as Parameters<Duplex["end"]>));
    this.serverCall.trailer.merge(first);
    return super.end(...(rest as []));
  }

  /** Sends the response headers, once. */
  sendMetadata(header: Metadata | ForeignMetadata): void {
    this.serverCall.sendHeader(header);
  }

  /** Who called, `address:port`. */
  getPeer(): string {
    return this.serverCall.peer;
  }

  /** The path that was called. */
  getPath(): string {
    return this.serverCall.method.path;
  }

  /** The server's name as the client called it. */
  getHost(): string {
    return this.serverCall.connection.authority ?? "";
  }

  /** Milliseconds since the epoch; Infinity where the caller gave none. */
  getDeadline(): number {
    return deadlineOf(this.serverCall);
  }
}
