import { monotonicMs } from "../../core/clock.js";
import { CLOSED_MEANWHILE } from "../../core/closed-channel.js";
import { Deferred } from "../../core/deferred.js";
import type { Metadata } from "../../core/metadata.js";
import type { CalledMethod } from "../../core/method.js";
import { RpcError, type StatusObject, statusObject } from "../../core/rpc-error.js";
import type { status as Status } from "../../core/status.js";
import * as Code from "../../core/status-code.js";
import { nextTurn } from "../../core/turn.js";
import type {
  CallConnection,
  Channel,
  ClientListener,
  ClientStream,
  MessageRun,
  ReceivedMessages,
  StartOptions,
} from "../../transport/transport.js";
import type { DeadlineListener } from "../../wire/deadline-timer.js";
import type { EveryMember } from "../every-member.js";
import { CallerWait } from "./caller-wait.js";
import { ClosedWatch } from "./closed-watch.js";
import { HeldSends } from "./held-sends.js";
import { HookChain } from "./hook-chain.js";
import type { ClientMessageHooks, OutgoingCall } from "./interceptor.js";
import { statusOfInterceptor } from "./interceptor-status.js";
import { NO_STREAM } from "./no-stream.js";
import { OutgoingSettings } from "./outgoing-settings.js";
import { singleAnswer } from "./single-answer.js";

/**
 * A call with interceptors. The call's core sees it as the stream, the transport as the listener. Until the last interceptor lets
 * it go on, there is no stream below, and what is sent is held, one message of each sender.
 */
export class InterceptedStream<InInit, Out>
  implements EveryMember<ClientStream<InInit, Out>>, ClientListener, DeadlineListener
{
  readonly method: CalledMethod<InInit, Out>;
  readonly settings: OutgoingSettings;
  readonly #channel: Channel;
  readonly #listener: ClientListener;
  readonly #wait: CallerWait;
  readonly #hooks: HookChain<Out> = new HookChain();
  readonly #began = monotonicMs();
  /** How the call ended below the interceptors. */
  readonly #outcome = new Deferred<StatusObject>();
  #stream: ClientStream<InInit, Out> = NO_STREAM;
  #started = false;
  readonly #held = new HeldSends<InInit>();
  /** While interceptors hold it for longer than a turn. */
  #watch: ClosedWatch | undefined;
  #controller: AbortController | undefined;
  /** How it ended, once it has. */
  #ending: StatusObject | undefined;

  constructor(channel: Channel, method: CalledMethod<InInit, Out>, options: StartOptions, listener: ClientListener) {
    this.#channel = channel;
    this.method = method;
    this.#listener = listener;
    this.#wait = new CallerWait(this, listener, options.deadline);
    this.settings = new OutgoingSettings(options, this.#wait);
    nextTurn((stream) => stream.#watchWhileHeld(), this);
  }

  get received(): ReceivedMessages<Out> {
    return this.#hooks.received;
  }

  get peer(): string {
    return this.#stream.peer;
  }

  get connection(): CallConnection | undefined {
    return this.#stream.connection;
  }

  get compressed(): boolean | undefined {
    return this.#hooks.received.compressed;
  }

  get origin(): OutgoingCall["origin"] {
    return this.#channel.origin;
  }

  get elapsedMs(): number {
    return monotonicMs() - this.#began;
  }

  get messages(): OutgoingCall["messages"] {
    return this.#hooks.counts;
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#ending !== undefined) this.#controller.abort(this.#errorOf(this.#ending));
    return this.#controller.signal;
  }

  /** What the next interceptor inwards does with messages. */
  addHooks(hooks: ClientMessageHooks): void {
    this.#hooks.add(hooks);
  }

  /** All interceptors let the call go on: it starts. Resolves with how it ended. */
  start(): Promise<StatusObject> {
    if (this.#isOver() || this.#started) return this.#outcome.promise;
    this.#started = true;
    this.#watch?.stop();
    this.#stream = this.#channel.start(this.method, this.settings.start(), this);
    this.#hooks.received.source = this.#stream.received;
    this.#release();
    return this.#outcome.promise;
  }

  /** The interceptors are done: the caller hears how the call ended. */
  settle(status: StatusObject): void {
    if (this.#started && !this.#isOver()) this.#stream.cancel(status.code, status.details);
    this.#end(status);
    this.#wait.end(status);
  }

  /** The interceptors answer by themselves. */
  answer(response: unknown): void {
    this.#hooks.received.source = singleAnswer(response as Out); // an interceptor answers with what the method returns
    this.#listener.onReadable();
  }

  write(message: InInit): boolean {
    if (this.#isOver()) return false; // the status is on its way, and who sends waits for it
    if (this.#started) return this.#stream.write(this.#hooks.sent(message));
    this.#held.add(message);
    return false;
  }

  writeRun(run: MessageRun<InInit>): boolean {
    return this.write(run.messages[run.at++]!);
  }

  closeSend(): void {
    if (this.#started) this.#stream.closeSend();
    else this.#held.close();
  }

  cancel(code: Status, details: string): void {
    this.#cancelWith(statusObject(code, details));
    this.#wait.endSoon();
  }

  /** While interceptors hold the call it ends here. Afterwards the transport ends it at once, as it has the same deadline. */
  onDeadline(): void {
    if (this.#started) return;
    this.#end(statusObject(Code.DEADLINE_EXCEEDED, "the deadline passed while interceptors held the call"));
  }

  onHeader(header: Metadata): void {
    try {
      this.#hooks.header(header);
    } catch (error) {
      this.#cancelWith(statusOfInterceptor(error));
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

  #release(): void {
    try {
      if (this.#held.release(this.#stream, (message) => this.#hooks.sent(message))) this.#listener.onDrain();
    } catch (error) {
      this.#cancelWith(statusOfInterceptor(error));
    }
  }

  #watchWhileHeld(): void {
    if (this.#started || this.#isOver()) return;
    this.#watch = new ClosedWatch(this.#channel, () => this.cancel(Code.CANCELLED, CLOSED_MEANWHILE));
  }

  #cancelWith(status: StatusObject): void {
    if (this.#started) this.#stream.cancel(status.code, status.details);
    this.#end(status);
  }

  #end(status: StatusObject): void {
    if (this.#isOver()) return;
    this.#ending = status;
    this.#held.drop();
    this.#watch?.stop();
    this.#controller?.abort(this.#errorOf(status));
    this.#outcome.resolve(status);
    this.#wait.callEnded(status);
  }

  #isOver(): boolean {
    return this.#ending !== undefined;
  }

  #errorOf(status: StatusObject): RpcError {
    return RpcError.fromStatus(status, { method: this.method.path, peer: this.peer });
  }
}
