import { unwatchSignal, watchSignal } from "../call/client/abort-registry.js";
import { IdleTimer } from "../call/client/idle-timer.js";
import type { ClientCall, ClientReader } from "../call/client/types.js";
import { MessageIterator } from "../call/message-iterator.js";
import { ReceivingHalf } from "../call/receiving-half.js";
import { startTimer, stopTimer, type Timer } from "../core/clock.js";
import { Deferred, ignore } from "../core/deferred.js";
import { Metadata } from "../core/metadata.js";
import { notPromised } from "../core/not-promised.js";
import { messageOf, RpcError, type StatusObject, statusObject } from "../core/rpc-error.js";
import { status as Status } from "../core/status.js";
import type { CallConnection } from "../transport/transport.js";
import { AttemptWaits } from "./attempt-waits.js";
import { QueuedMessages } from "./queued-messages.js";
import { type Attempts, checkResumeOptions, type ResumeOptions, type ResumeToken } from "./resume-options.js";
import { SeenTokens } from "./seen-tokens.js";
import { actionFor, READING } from "./status-actions.js";

/** Makes the call that begins behind a token. */
export type OpenReader<Message, Token> = (after: Token | undefined) => ClientReader<Message>;

/** How one call ended. */
interface Ending {
  readonly status: StatusObject;
  /** Undefined for OK. */
  readonly error: RpcError | undefined;
}

const DEFAULT_REMEMBERED = 10_000;

/**
 * One stream out of many calls, one at a time. Messages go from the open call into a queue, a batch when the queue is empty, so
 * that a reader that does not read stops the server (P9); when a call ends, what it still holds comes first (P3), then the next
 * call is made behind the last token. Ends once: with the status of a call, or at once by a cancel.
 */
export class ResumedCall<Message, Token extends ResumeToken> implements Omit<ClientCall, typeof Symbol.asyncDispose> {
  readonly #open: OpenReader<Message, Token>;
  readonly #options: ResumeOptions<Message, Token>;
  readonly #attempts: Attempts;
  readonly #waits: AttemptWaits;
  readonly #seen: SeenTokens;
  readonly #queue: QueuedMessages<Message> = new QueuedMessages();
  readonly #receiving: ReceivingHalf<Message> = new ReceivingHalf<Message>(this);
  readonly #header: Deferred<Metadata> = new Deferred();
  readonly #ended: Deferred<StatusObject> = new Deferred();
  #token: Token | undefined;
  #current: ClientReader<Message> | undefined;
  #idle: IdleTimer | undefined;
  /** The open call was given up for its silence. */
  #silent: RpcError | undefined;
  /** Ends the pause that the loop makes: the queue is empty, the call has its status, the wait is over, or all is. */
  #wake: () => void = ignore;
  #over = false;

  /** Throws a TypeError for options that it cannot go by. The first call is made at once (P1). */
  constructor(open: OpenReader<Message, Token>, options: ResumeOptions<Message, Token>) {
    this.#attempts = checkResumeOptions(options);
    this.#open = open;
    this.#options = options;
    this.#waits = new AttemptWaits(this.#attempts);
    this.#seen = new SeenTokens(options.rememberTokens ?? DEFAULT_REMEMBERED);
    this.#token = options.after;
    if (options.after !== undefined) this.#seen.add(options.after);
    this.#receiving.source = this.#queue;
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
    return this.#current?.peer ?? "unknown";
  }

  get connection(): CallConnection | undefined {
    return this.#current?.connection;
  }

  get compressed(): boolean | undefined {
    return this.#receiving.compressed;
  }

  recv(): Promise<Message | undefined> {
    return this.#receiving.recv();
  }

  batches(): AsyncIterable<Message[]> {
    return new MessageIterator(() => this.#receiving.nextBatch(), this);
  }

  messages(): AsyncIterableIterator<Message, undefined> {
    return new MessageIterator(() => this.#receiving.next(), this);
  }

  cancel(reason?: unknown): void {
    const why = reason === undefined ? "" : `: ${messageOf(reason)}`;
    this.#cancelled(`the call was cancelled${why}`, reason);
  }

  /** A `for await` was left: nobody wants the rest. */
  left(): void {
    this.cancel();
    this.#receiving.drop();
  }

  onAbort(reason: unknown): void {
    this.#cancelled(`the caller's signal aborted: ${messageOf(reason)}`, reason);
  }

  /** Everything that was queued has been taken. */
  caughtUp(): void {
    this.#idle?.touch();
    this.#wake();
  }

  /** Never: what is queued are messages. */
  receiveFailed(): void {}

  /** While messages wait for the reader, the silence is ours. */
  get isBehind(): boolean {
    return this.#queue.waiting > 0;
  }

  onIdle(): void {
    const details = `nothing came for ${this.#attempts.idleTimeoutMs} ms (idleTimeoutMs of resume)`;
    this.#silent = new RpcError(Status.DEADLINE_EXCEEDED, details, { peer: this.peer });
    this.#current?.cancel(details);
  }

  async #run(): Promise<void> {
    while (!this.#over) {
      const reader = this.#begin();
      if (reader === undefined) return;
      const ending = await this.#readAll(reader);
      if (this.#over || !(await this.#goOn(ending))) return;
    }
  }

  /** Makes the next call; undefined where that cannot be done, which ends everything. */
  #begin(): ClientReader<Message> | undefined {
    let reader: ClientReader<Message>;
    try {
      reader = this.#open(this.#token);
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
    this.#current = reader;
    this.#waits.began();
    this.#silent = undefined;
    const { idleTimeoutMs } = this.#attempts;
    const idle = idleTimeoutMs === undefined ? undefined : new IdleTimer(idleTimeoutMs, this);
    this.#idle = idle;
    reader.header.then((header) => {
      idle?.touch();
      this.#header.resolve(header);
      if (reader === this.#current) this.#waits.answered();
    }, ignore);
    return reader;
  }

  /** Takes all messages of a call, to its end. */
  async #readAll(reader: ClientReader<Message>): Promise<Ending> {
    // What has arrived when the call has its status is taken at once: it is bounded, and what follows can be decided.
    let isClosed = false;
    void reader.status.then(() => {
      isClosed = true;
      this.#wake();
    }, ignore);
    try {
      for await (const batch of reader.batches()) {
        if (this.#over) break;
        this.#idle?.touch();
        this.#take(batch, reader);
        while (this.isBehind && !isClosed && !this.#over) await this.#woken();
        if (this.#over) break;
        this.#idle?.touch();
      }
      return { status: await reader.status, error: undefined };
    } catch (thrown) {
      const error = this.#silent ?? toError(thrown);
      return { status: error, error };
    } finally {
      this.#idle?.stop();
      reader.cancel(); // it is over, or nobody wants the rest: never two calls at a time
    }
  }

  /** Queues what has not been delivered. A callback that throws ends everything, behind the messages before (P20). */
  #take(batch: readonly Message[], reader: ClientReader<Message>): void {
    const { token, onDuplicate } = this.#options;
    this.#queue.compressed = reader.compressed;
    let asked = "token";
    try {
      for (const message of batch) {
        asked = "token";
        const key = notPromised(token(message), "token");
        if (key !== undefined && !this.#seen.add(key)) {
          asked = "onDuplicate";
          observe(onDuplicate?.(key));
          if (this.#over) return;
          continue;
        }
        this.#queue.push(message);
        if (key !== undefined) this.#token = key;
      }
      this.#receiving.onReadable();
    } catch (cause) {
      this.#receiving.onReadable();
      this.#failed(Status.CANCELLED, `${asked} threw: ${messageOf(cause)}`, cause);
    }
  }

  /** Decides what follows a call that ended, tells of it and waits. False: nothing follows. */
  async #goOn({ status, error }: Ending): Promise<boolean> {
    const attempt = this.#waits.ended();
    let asked = "statuses";
    let delayMs: number;
    try {
      const action = actionFor(status, this.#attempts.statuses, READING);
      if (action === "end" || action === "throw" || attempt >= this.#attempts.maxAttempts) {
        this.#end(status, action === "end" ? undefined : error); // none for OK, whatever was asked for
        return false;
      }
      delayMs = this.#waits.delayMs(status, action);
      asked = "onResume";
      observe(this.#options.onResume?.({ attempt, error, token: this.#token, delayMs }));
    } catch (cause) {
      this.#failed(Status.CANCELLED, `${asked} threw: ${messageOf(cause)}`, cause);
      return false;
    }
    await this.#pause(delayMs);
    // A reader that is behind gets no second call's messages on top.
    while (this.isBehind && !this.#over) await this.#woken();
    return !this.#over;
  }

  /** Waits so long, or until all is over. */
  async #pause(ms: number): Promise<void> {
    let isDone = false;
    const timer: Timer = startTimer(
      () => {
        isDone = true;
        this.#wake();
      },
      ms,
      undefined,
    );
    while (!isDone && !this.#over) await this.#woken();
    stopTimer(timer);
  }

  #woken(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #cancelled(details: string, reason: unknown): void {
    if (this.#over) return;
    this.#failed(Status.CANCELLED, details, reason);
    this.#receiving.drop();
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
    this.#idle?.stop();
    this.#current?.cancel(error?.cause);
    if (error === undefined) {
      this.#receiving.end();
      this.#header.resolve(new Metadata());
    } else {
      this.#receiving.fail(() => error);
      this.#header.reject(error);
    }
    this.#ended.resolve({ code, details, metadata });
    this.#wake();
  }
}

function toError(thrown: unknown): RpcError {
  if (thrown instanceof RpcError) return thrown;
  return new RpcError(Status.UNKNOWN, messageOf(thrown), { cause: thrown });
}

/** A callback may be an async function all the same: what it rejects with must not end the process (P10). */
function observe(returned: unknown): void {
  if (returned instanceof Promise) returned.catch(ignore);
}
