import { monotonicMs } from "../../core/clock.js";
import { CallContext } from "../../core/context.js";
import { Deferred } from "../../core/deferred.js";
import type { Metadata } from "../../core/metadata.js";
import type { CalledMethod } from "../../core/method.js";
import { messageOf, RpcError, type StatusObject, statusObject } from "../../core/rpc-error.js";
import { status as Status } from "../../core/status.js";
import type {
  CallConnection,
  Channel,
  ClientListener,
  ClientStream,
  Compression,
  ReceivedMessages,
  StartOptions,
} from "../../transport/transport.js";
import { type DeadlineListener, DeadlineTimer } from "../../wire/deadline-timer.js";
import type { EveryMember } from "../every-member.js";
import { HookedMessages } from "../hooked-messages.js";
import type { ClientMessageHooks, OutgoingCall } from "./interceptor.js";
import { NO_STREAM } from "./no-stream.js";

/**
 * A call behind interceptors: to the call's core the stream, to the transport the listener. Until the last interceptor lets
 * it go on, there is no stream below: what is sent is held, one message of each sender, and the deadline is watched here.
 */
export class InterceptedStream<InInit, Out>
  implements EveryMember<ClientStream<InInit, Out>>, ClientListener, DeadlineListener
{
  readonly method: CalledMethod<InInit, Out>;
  readonly metadata: Metadata;
  readonly context: CallContext;
  compression: Compression;
  readonly received: ReceivedMessages<Out>;
  readonly #channel: Channel;
  readonly #options: StartOptions;
  readonly #listener: ClientListener;
  readonly #hooks: ClientMessageHooks[] = [];
  readonly #messages: HookedMessages<Out>;
  readonly #began = monotonicMs();
  /** How the call ended below the interceptors. */
  readonly #outcome = new Deferred<StatusObject>();
  #stream: ClientStream<InInit, Out> = NO_STREAM;
  #started = false;
  #held: InInit[] = [];
  #heldWaits = false;
  #heldClose = false;
  #deadline: number;
  #timer: DeadlineTimer | undefined;
  #controller: AbortController | undefined;
  /** How it ended, once it has. */
  #status: StatusObject | undefined;
  /** Whether the caller knows of the end. */
  #told = false;
  #sent = 0;
  #taken = 0;

  constructor(channel: Channel, method: CalledMethod<InInit, Out>, options: StartOptions, listener: ClientListener) {
    this.#channel = channel;
    this.method = method;
    this.#options = options;
    this.#listener = listener;
    this.metadata = options.metadata;
    this.compression = options.compression;
    this.context = options.context ?? new CallContext();
    this.#deadline = options.deadline;
    this.#timer = DeadlineTimer.start(options.deadline, this);
    this.#messages = new HookedMessages((message) => this.#seen("received", message));
    this.received = this.#messages;
  }

  get peer(): string {
    return this.#stream.peer;
  }

  get connection(): CallConnection | undefined {
    return this.#stream.connection;
  }

  get compressed(): boolean | undefined {
    return this.#messages.compressed;
  }

  get origin(): OutgoingCall["origin"] {
    return this.#channel.origin;
  }

  get elapsedMs(): number {
    return monotonicMs() - this.#began;
  }

  get messages(): OutgoingCall["messages"] {
    return { sent: this.#sent, received: this.#taken + this.received.waiting };
  }

  get timeoutMs(): number {
    return Math.max(0, this.#deadline - monotonicMs());
  }

  set timeoutMs(ms: number) {
    this.#deadline = monotonicMs() + ms;
    this.#timer?.clear();
    if (!this.#started && !this.#over) this.#timer = DeadlineTimer.start(this.#deadline, this);
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#status !== undefined) this.#controller.abort(this.#overError(this.#status));
    return this.#controller.signal;
  }

  /** What an interceptor does with messages; in the order of the interceptors, the outermost first. */
  addHooks(hooks: ClientMessageHooks): void {
    this.#hooks.push(hooks);
  }

  /** All interceptors let the call go on: it starts. Resolves with how it ended. */
  start(): Promise<StatusObject> {
    if (this.#over || this.#started) return this.#outcome.promise;
    this.#started = true;
    this.#timer?.clear();
    const { waitForReady, highWaterMark } = this.#options;
    const { metadata, compression, context } = this;
    const options = { metadata, deadline: this.#deadline, waitForReady, compression, highWaterMark, context };
    this.#stream = this.#channel.start(this.method, options, this);
    this.#messages.source = this.#stream.received;
    this.#release();
    return this.#outcome.promise;
  }

  /** The interceptors are done: the caller hears how the call ended. */
  settle(status: StatusObject): void {
    if (this.#started && !this.#over) this.#stream.cancel(status.code, status.details);
    this.#end(status);
    this.#tell(status);
  }

  /** The interceptors answer by themselves. */
  answer(response: unknown): void {
    this.#messages.source = singleAnswer(response as Out); // an interceptor answers with what the method returns
    this.#listener.onReadable();
  }

  write(message: InInit): boolean {
    if (this.#over) return false; // the status is on its way, and who sends waits for it
    if (this.#started) return this.#stream.write(this.#seen("sent", message));
    this.#held.push(message);
    this.#heldWaits = true;
    return false;
  }

  closeSend(): void {
    if (this.#started) this.#stream.closeSend();
    else this.#heldClose = true;
  }

  cancel(code: Status, details: string): void {
    this.#cancelWith(statusObject(code, details));
  }

  /** The caller hears of it at once: an interceptor may wait for something that never comes. */
  onDeadline(): void {
    const status = statusObject(Status.DEADLINE_EXCEEDED, "the deadline passed while interceptors held the call");
    this.#cancelWith(status);
    this.#tell(status);
  }

  onHeader(header: Metadata): void {
    try {
      for (const { header: sees } of this.#hooks.toReversed()) sees?.(header);
    } catch (error) {
      this.#failed(error);
      return;
    }
    this.#listener.onHeader(header);
  }

  onReadable(): void {
    this.#listener.onReadable();
  }

  onDrain(): void {
    this.#listener.onDrain();
  }

  onStatus(status: StatusObject): void {
    this.#end(status);
  }

  #end(status: StatusObject): void {
    if (this.#over) return;
    this.#status = status;
    this.#held = [];
    this.#timer?.clear();
    this.#controller?.abort(this.#overError(status));
    this.#outcome.resolve(status);
  }

  #tell(status: StatusObject): void {
    if (this.#told) return;
    this.#told = true;
    this.#listener.onStatus(status);
  }

  get #over(): boolean {
    return this.#status !== undefined;
  }

  #overError(status: StatusObject): RpcError {
    return RpcError.fromStatus(status, { method: this.method.path, peer: this.peer });
  }

  /** Sends what was held. */
  #release(): void {
    const held = this.#held;
    this.#held = [];
    try {
      let room = true;
      for (const message of held) room = this.#stream.write(this.#seen("sent", message));
      if (this.#heldClose) this.#stream.closeSend();
      if (this.#heldWaits && room) this.#listener.onDrain();
    } catch (error) {
      this.#failed(error);
    }
  }

  #seen<Message>(hook: "sent" | "received", message: Message): Message {
    if (hook === "sent") this.#sent++;
    else this.#taken++;
    const hooks = hook === "sent" ? this.#hooks : this.#hooks.toReversed();
    let seen = message;
    for (const one of hooks) seen = (one[hook]?.(seen) as Message | undefined) ?? seen; // it may replace it by its like
    return seen;
  }

  #failed(error: unknown): void {
    this.#cancelWith(statusOfInterceptor(error));
  }

  #cancelWith(status: StatusObject): void {
    if (this.#started) this.#stream.cancel(status.code, status.details);
    this.#end(status);
  }
}

/** The status of what an interceptor threw. */
export function statusOfInterceptor(error: unknown): StatusObject {
  if (error instanceof RpcError) return error;
  return statusObject(Status.INTERNAL, `an interceptor threw: ${messageOf(error)}`);
}

function singleAnswer<Out>(response: Out): ReceivedMessages<Out> {
  let waiting = 1;
  return {
    get waiting() {
      return waiting;
    },
    next() {
      waiting = 0;
      return response;
    },
    drop() {
      waiting = 0;
    },
  };
}
