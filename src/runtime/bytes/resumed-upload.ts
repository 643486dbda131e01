import { unwatchSignal, watchSignal } from "../call/client/abort-registry.js";
import { IdleTimer } from "../call/client/idle-timer.js";
import type { ClientWriter } from "../call/client/types.js";
import { startTimer, stopTimer } from "../core/clock.js";
import { Deferred, ignore } from "../core/deferred.js";
import { observe } from "../core/observe.js";
import { messageOf, RpcError } from "../core/rpc-error.js";
import { status as Status } from "../core/status.js";
import { AttemptWaits } from "../resume/attempt-waits.js";
import type { Attempts } from "../resume/resume-options.js";
import { actionFor, UPLOADING } from "../resume/status-actions.js";
import { type ByteSource, openSource } from "./byte-source.js";
import { ChunkedMessages } from "./chunked-messages.js";
import { checkUploadOptions, type ResumeUploadOptions } from "./upload-options.js";

/** Makes the call that begins at an offset, and the bytes from there on. */
export type OpenWriter<Init, Out> = (offset: number) => ClientWriter<Init, Out>;
export type OpenSource = (offset: number) => ByteSource | Promise<ByteSource>;

/** One upload out of many calls, one at a time: each asks the server for the offset, and sends what is behind it. */
export class ResumedUpload<Init, Out> {
  readonly #open: OpenWriter<Init, Out>;
  readonly #source: OpenSource;
  readonly #options: ResumeUploadOptions<Init>;
  readonly #attempts: Attempts & { readonly chunkBytes: number };
  readonly #waits: AttemptWaits;
  /** Rejects when the attempt is given up from our side: by the signal for good, for silence for this once. */
  #given: Deferred<never> = new Deferred();
  #controller = new AbortController();
  #call: ClientWriter<Init, Out> | undefined;
  #messages: ChunkedMessages<Init> | undefined;
  #idle: IdleTimer | undefined;
  #sentBytes = 0;
  #cancelled: RpcError | undefined;

  /** Throws a TypeError for options that it cannot go by. */
  constructor(open: OpenWriter<Init, Out>, source: OpenSource, options: ResumeUploadOptions<Init>) {
    this.#attempts = checkUploadOptions(options);
    this.#open = open;
    this.#source = source;
    this.#options = options;
    this.#waits = new AttemptWaits(this.#attempts);
  }

  async run(): Promise<Out> {
    const { signal } = this.#attempts;
    if (signal?.aborted === true) this.onAbort(signal.reason);
    else if (signal !== undefined) watchSignal(signal, this);
    try {
      for (;;) {
        if (this.#cancelled !== undefined) throw this.#cancelled;
        try {
          return await this.#attempt();
        } catch (thrown) {
          await this.#goOn(this.#cancelled ?? toError(thrown));
        }
      }
    } finally {
      if (signal !== undefined) unwatchSignal(signal, this);
    }
  }

  onAbort(reason: unknown): void {
    const details = `the caller's signal aborted: ${messageOf(reason)}`;
    this.#cancelled = new RpcError(Status.CANCELLED, details, { cause: reason });
    this.#giveUp(this.#cancelled);
  }

  /** While bytes of the source are waited for, the silence is ours. */
  get isBehind(): boolean {
    return this.#messages?.isReading === true;
  }

  onIdle(): void {
    const details = `nothing moved for ${this.#attempts.idleTimeoutMs} ms (idleTimeoutMs of resumeUpload)`;
    this.#giveUp(new RpcError(Status.DEADLINE_EXCEEDED, details));
  }

  #giveUp(error: RpcError): void {
    this.#given.reject(error);
    this.#controller.abort(error);
    this.#call?.cancel(error);
  }

  async #attempt(): Promise<Out> {
    const { idleTimeoutMs } = this.#attempts;
    this.#given = new Deferred();
    this.#controller = new AbortController();
    this.#waits.began();
    this.#idle = idleTimeoutMs === undefined ? undefined : new IdleTimer(idleTimeoutMs, this);
    try {
      const work = this.#upload(this.#controller.signal);
      work.catch(ignore); // one that was given up has nobody to hear of it
      return await Promise.race([work, this.#given.promise]);
    } finally {
      this.#idle?.stop();
      this.#call?.cancel();
      void this.#messages?.return();
      this.#call = undefined;
      this.#messages = undefined;
    }
  }

  async #upload(given: AbortSignal): Promise<Out> {
    const { acknowledged, toMessage, onProgress } = this.#options;
    const offset = checkedOffset(await asked("acknowledged", () => acknowledged(given)));
    if (given.aborted) throw given.reason;
    this.#waits.answered();
    this.#idle?.touch();
    this.#sentBytes = offset;
    const reader = openSource(await asked("the source", () => this.#source(offset)));
    const messages = new ChunkedMessages(reader, {
      chunkBytes: this.#attempts.chunkBytes,
      toMessage,
      offset,
      onProgress: (sentBytes) => {
        this.#sentBytes = sentBytes;
        this.#idle?.touch();
        return onProgress?.(sentBytes);
      },
    });
    try {
      if (given.aborted) throw given.reason;
      const call = this.#open(offset);
      this.#call = call;
      this.#messages = messages;
      await call.sendAll(messages);
      this.#idle?.touch();
      return await call.closeAndRecv();
    } finally {
      void messages.return();
    }
  }

  /** Waits for the next attempt, or throws the error with which the upload ends. */
  async #goOn(error: RpcError): Promise<void> {
    if (error === this.#cancelled || OWN.has(error)) throw error;
    const { statuses, maxAttempts } = this.#attempts;
    const attempt = this.#waits.ended();
    const delayMs = await asked("statuses or onResume", () => {
      const action = actionFor(error, statuses, UPLOADING);
      if (action === "throw" || action === "end" || attempt >= maxAttempts) return undefined;
      const wait = this.#waits.delayMs(error, action);
      observe(this.#options.onResume?.({ attempt, error, sentBytes: this.#sentBytes, delayMs: wait }));
      return wait;
    });
    if (delayMs === undefined) throw error;
    await this.#pause(delayMs);
  }

  /** Waits so long, or until the signal aborts. */
  async #pause(ms: number): Promise<void> {
    const over = new Deferred<void>();
    const given = new Deferred<never>();
    this.#given = given;
    if (this.#cancelled !== undefined) throw this.#cancelled;
    const timer = startTimer(() => over.resolve(), ms);
    try {
      await Promise.race([over.promise, given.promise]);
    } finally {
      stopTimer(timer);
    }
  }
}

/** Errors of the user's own functions: no other call mends them, whatever `statuses` says. */
const OWN = new WeakSet<RpcError>();

/** Runs a function of the user's; what it throws, other than an RpcError, becomes CANCELLED and ends the upload (P20). */
async function asked<Result>(what: string, run: () => Result | Promise<Result>): Promise<Result> {
  try {
    return await run();
  } catch (cause) {
    throw cause instanceof RpcError ? cause : own(what, cause);
  }
}

/** Of an attempt: errors of calls are RpcErrors, all others are those of the source and of callbacks. */
function toError(thrown: unknown): RpcError {
  return thrown instanceof RpcError ? thrown : own("the source or a callback of the upload", thrown);
}

function own(what: string, cause: unknown): RpcError {
  const error = new RpcError(Status.CANCELLED, `${what} failed: ${messageOf(cause)}`, { cause });
  OWN.add(error);
  return error;
}

function checkedOffset(given: number | bigint): number {
  const offset = Number(given);
  if (Number.isSafeInteger(offset) && offset >= 0) return offset;
  const details = `acknowledged() gave ${String(given)}; it must give a whole number of bytes, at least 0`;
  const error = new RpcError(Status.INTERNAL, details);
  OWN.add(error);
  throw error;
}
