import { type Abortable, unwatchSignal, watchSignal } from "../call/client/abort-registry.js";
import type { ClientCall, ClientReader } from "../call/client/types.js";
import { MessageIterator } from "../call/message-iterator.js";
import { ReceivingHalf } from "../call/receiving-half.js";
import { Deferred, ignore } from "../core/deferred.js";
import { Metadata } from "../core/metadata.js";
import { messageOf, RpcError, type StatusObject, statusObject } from "../core/rpc-error.js";
import { status as Status } from "../core/status.js";
import type { CallConnection } from "../transport/transport.js";
import { Attempt, type AttemptOwner } from "./attempt.js";
import { AttemptWaits } from "./attempt-waits.js";
import { Delivery } from "./delivery.js";
import type { Ending } from "./ending.js";
import { type Attempts, checkResumeOptions, type ResumeOptions, type ResumeToken } from "./resume-options.js";
import { WakeUp } from "./wake-up.js";
import { whatFollows } from "./what-follows.js";

/** Makes the call that begins behind a token. */
export type OpenReader<Message, Token> = (after: Token | undefined) => ClientReader<Message>;

/**
 * One stream out of many calls, one at a time. Messages go from the open call into a queue, a batch when the queue is empty, so
 * that a reader that does not read stops the server (P9); when a call ends, what it still holds comes first (P3), then the next
 * call is made behind the last token. Ends once: with the status of a call, or at once by a cancel.
 */
export class ResumedCall<Message, Token extends ResumeToken>
  implements Omit<ClientCall, typeof Symbol.asyncDispose>, Abortable, AttemptOwner<Message>
{
  readonly #open: OpenReader<Message, Token>;
  readonly #options: ResumeOptions<Message, Token>;
  readonly #attempts: Attempts;
  readonly #waits: AttemptWaits;
  readonly #delivery: Delivery<Message, Token>;
  readonly #receiving: ReceivingHalf<Message> = new ReceivingHalf<Message>(this);
  readonly #header: Deferred<Metadata> = new Deferred();
  readonly #ended: Deferred<StatusObject> = new Deferred();
  /** The call that is open, or was the last. */
  #current: Attempt<Message> | undefined;
  /** Where the loop waits: the queue is empty, the call has its status, the wait is over, or all is. */
  readonly #loop = new WakeUp();
  #over = false;

  /** Throws a TypeError for options that it cannot go by. The first call is made at once (P1). */
  constructor(open: OpenReader<Message, Token>, options: ResumeOptions<Message, Token>) {
    this.#attempts = checkResumeOptions(options);
    this.#open = open;
    this.#options = options;
    this.#waits = new AttemptWaits(this.#attempts);
    this.#delivery = new Delivery(options);
    this.#receiving.source = this.#delivery.queue;
    this.header.catch(ignore);
    const { signal } = this.#attempts;
    if (signal?.aborted === true) {
      this.#cancelled("the signal had aborted before the call was made", signal.reason);
      return;
    }
    if (signal !== undefined) watchSignal(signal, this);
    this.#run().catch((error: unknown) => this.#failed(Status.INTERNAL, `resume failed: ${messageOf(error)}`, error));
  }

  get header(): Promise<Metadata> {
    return this.#header.promise;
  }

  get trailer(): Promise<Metadata> {
    return this.#ended.promise.then(({ metadata }) => metadata);
  }

  get status(): Promise<StatusObject> {
    return this.#ended.promise;
  }

  get peer(): string {
    return this.#current?.reader.peer ?? "unknown";
  }

  get connection(): CallConnection | undefined {
    return this.#current?.reader.connection;
  }

  get compressed(): boolean | undefined {
    return this.#receiving.compressed;
  }

  recv(): Promise<Message | undefined> {
    return this.#receiving.recv();
  }

  batches(): AsyncIterable<Message[]> {
    return new MessageIterator(this.#receiving.batches, this);
  }

  messages(): AsyncIterableIterator<Message, undefined> {
    return new MessageIterator(this.#receiving, this);
  }

  cancel(reason?: unknown): void {
    const why = reason === undefined ? "" : `: ${messageOf(reason)}`;
    this.#cancelled(`the call was cancelled${why}`, reason);
  }

  /** A `for await` was left before the end: everything is cancelled. */
  left(): void {
    this.cancel();
    this.#receiving.drop();
  }

  onAbort(reason: unknown): void {
    this.#cancelled(`the caller's signal aborted: ${messageOf(reason)}`, reason);
  }

  /** Everything that was queued has been taken. */
  caughtUp(): void {
    this.#current?.touch();
    this.wake();
  }

  /** Never: what is queued are messages. */
  receiveFailed(): void {}

  get isOver(): boolean {
    return this.#over;
  }

  get isBehind(): boolean {
    return this.#delivery.queue.waiting > 0;
  }

  wake(): void {
    this.#loop.wake();
  }

  woken(): Promise<void> {
    return this.#loop.woken();
  }

  answered(attempt: Attempt<Message>, header: Metadata): void {
    this.#header.resolve(header);
    if (attempt === this.#current) this.#waits.answered();
  }

  /** Gives the reader what has not been delivered. A callback that throws ends everything, behind the messages before (P20). */
  take(batch: readonly Message[], compressed: boolean | undefined): void {
    const thrown = this.#delivery.take(batch, compressed, () => this.#over);
    this.#receiving.onReadable();
    if (thrown !== undefined) this.#faulted(thrown);
  }

  async #run(): Promise<void> {
    while (!this.#over) {
      const attempt = this.#begin();
      if (attempt === undefined) return;
      const ending = await attempt.read();
      if (this.#over || !(await this.#goOn(ending))) return;
    }
  }

  /** Makes the next call; undefined where that cannot be done, which ends everything. */
  #begin(): Attempt<Message> | undefined {
    let reader: ClientReader<Message>;
    try {
      reader = this.#open(this.#delivery.token);
      if (typeof reader?.batches !== "function") throw new TypeError("it returned no reader of a call");
    } catch (thrown) {
      if (thrown instanceof RpcError) this.#end(thrown, thrown);
      else this.#failed(Status.INTERNAL, `the call cannot be started: ${messageOf(thrown)}`, thrown);
      return undefined;
    }
    if (this.#over) {
      reader.cancel(); // the factory itself cancelled us
      return undefined;
    }
    this.#waits.began();
    this.#current = new Attempt(reader, this, this.#attempts.idleTimeoutMs);
    return this.#current;
  }

  /** Waits for the next call after one that ended. False: none follows. */
  async #goOn(ending: Ending): Promise<boolean> {
    const next = whatFollows(ending, this.#delivery.token, this.#waits, this.#attempts, this.#options);
    switch (next.kind) {
      case "end":
        this.#end(ending.status, next.error);
        return false;
      case "fault":
        this.#faulted(next);
        return false;
      case "call":
        await this.#loop.pause(next.delayMs, () => this.#over);
        // The next call is not made before the reader has read the messages of this one.
        while (this.isBehind && !this.#over) await this.woken();
        return !this.#over;
    }
  }

  #cancelled(details: string, reason: unknown): void {
    if (this.#over) return;
    this.#failed(Status.CANCELLED, details, reason);
    this.#receiving.drop();
  }

  /** A function of the user's threw. */
  #faulted({ name, cause }: { readonly name: string; readonly cause: unknown }): void {
    this.#failed(Status.CANCELLED, `${name} threw: ${messageOf(cause)}`, cause);
  }

  #failed(code: Status, details: string, cause: unknown): void {
    const options = { peer: this.peer, ...(cause === undefined ? {} : { cause }) };
    this.#end(statusObject(code, details), new RpcError(code, details, options));
  }

  /** Ends everything; `error` is what the reader sees behind the last message, and is undefined for a quiet end. */
  #end(status: StatusObject, error: RpcError | undefined): void {
    if (this.#over) return;
    this.#over = true;
    const { code, details, metadata } = status;
    const { signal } = this.#attempts;
    if (signal !== undefined) unwatchSignal(signal, this);
    this.#current?.stop(error?.cause);
    if (error === undefined) {
      this.#receiving.end();
      this.#header.resolve(new Metadata());
    } else {
      this.#receiving.fail(() => error);
      this.#header.reject(error);
    }
    this.#ended.resolve({ code, details, metadata });
    this.#loop.wake();
  }
}
