import { type IdleListener, IdleTimer } from "../call/client/idle-timer.js";
import type { ClientReader } from "../call/client/types.js";
import { ignore } from "../core/deferred.js";
import type { Metadata } from "../core/metadata.js";
import { RpcError } from "../core/rpc-error.js";
import { status as Status } from "../core/status.js";
import { type Ending, failed } from "./ending.js";

/** Who reads the calls, one after another. */
export interface AttemptOwner<Message> {
  /** Nothing more is wanted, of any call. */
  readonly isOver: boolean;
  /** What was taken still waits for its reader: nothing more is taken, and silence does not count as idle time. */
  readonly isBehind: boolean;
  /** Headers came. */
  answered(attempt: Attempt<Message>, header: Metadata): void;
  /** Messages came. */
  take(batch: readonly Message[], compressed: boolean | undefined): void;
  /** Something has changed for who waits for {@link woken}. */
  wake(): void;
  woken(): Promise<void>;
}

/** One call of many: it is read to its end, unless it is silent for too long. */
export class Attempt<Message> implements IdleListener {
  readonly reader: ClientReader<Message>;
  readonly #owner: AttemptOwner<Message>;
  readonly #idleTimeoutMs: number | undefined;
  readonly #idle: IdleTimer | undefined;
  /** It was given up for its silence. */
  #silent: RpcError | undefined;
  /** It has its status. */
  #closed = false;

  constructor(reader: ClientReader<Message>, owner: AttemptOwner<Message>, idleTimeoutMs: number | undefined) {
    this.reader = reader;
    this.#owner = owner;
    this.#idleTimeoutMs = idleTimeoutMs;
    this.#idle = idleTimeoutMs === undefined ? undefined : new IdleTimer(idleTimeoutMs, this);
  }

  /** Takes all of its messages, to its end: a batch when those before are read. It is over then, however it ended. */
  async read(): Promise<Ending> {
    const { reader } = this;
    const owner = this.#owner;
    reader.header.then((header) => {
      this.touch();
      owner.answered(this, header);
    }, ignore);
    // What has arrived when the call has its status is taken at once: it is bounded, and what follows can be decided.
    void reader.status.then(() => {
      this.#closed = true;
      owner.wake();
    }, ignore);
    try {
      for await (const batch of reader.batches()) {
        if (owner.isOver) break;
        this.touch();
        owner.take(batch, reader.compressed);
        while (owner.isBehind && !this.#closed && !owner.isOver) await owner.woken();
        if (owner.isOver) break;
        this.touch();
      }
      return { status: await reader.status, error: undefined };
    } catch (thrown) {
      return failed(this.#silent ?? thrown);
    } finally {
      this.stop(); // ended, or no longer read: there are never two calls at the same time
    }
  }

  /** Something came, or was read. */
  touch(): void {
    this.#idle?.touch();
  }

  stop(reason?: unknown): void {
    this.#idle?.stop();
    this.reader.cancel(reason);
  }

  get isBehind(): boolean {
    return this.#owner.isBehind;
  }

  onIdle(): void {
    const details = `nothing came for ${this.#idleTimeoutMs} ms (idleTimeoutMs of resume)`;
    this.#silent = new RpcError(Status.DEADLINE_EXCEEDED, details, { peer: this.reader.peer });
    this.reader.cancel(details);
  }
}
