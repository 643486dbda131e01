import type { AbuseGuard } from "../abuse-guard.js";
import type { EngineStream } from "./engine-stream.js";
import type { IdleNotice } from "./idle-notice.js";
import { RecentlyReset } from "./recently-reset.js";
import type { ResetCause } from "./stream.js";
import * as StreamState from "./stream-state.js";

const BOTH_ENDS = StreamState.SENT_END | StreamState.RECEIVED_END;

/** The connection, as the table of its streams sees it. */
export interface StreamTableOwner {
  readonly isClient: boolean;
  readonly writer: { rstStream(streamId: number, code: number): void };
  readonly sender: { forget(stream: EngineStream): void };
  readonly receiver: { forget(stream: EngineStream): void };
  readonly guard: Pick<AbuseGuard, "earnReset" | "reset">;
  readonly idle: IdleNotice;
  /** One more stream may be opened. */
  streamsChanged(): void;
}

/** The open streams of a connection, by their ids, and all the ways in which one ends (RFC 9113, section 5.1). */
export class StreamTable {
  /** Streams that we reset, and that the peer may still send on. */
  readonly recentlyReset: RecentlyReset = new RecentlyReset();
  readonly #connection: StreamTableOwner;
  readonly #open = new Map<number, EngineStream>();

  constructor(connection: StreamTableOwner) {
    this.#connection = connection;
  }

  get size(): number {
    return this.#open.size;
  }

  get(streamId: number): EngineStream | undefined {
    return this.#open.get(streamId);
  }

  values(): IterableIterator<EngineStream> {
    return this.#open.values();
  }

  add(stream: EngineStream): void {
    this.#open.set(stream.id, stream);
  }

  /** Our END_STREAM was written. */
  sentEnd(stream: EngineStream): void {
    stream.state |= StreamState.SENT_END;
    this.#endIfBothEnded(stream);
  }

  /** The peer's END_STREAM came, and its handler knows. */
  receivedEnd(stream: EngineStream): void {
    this.#endIfBothEnded(stream);
  }

  /** RST_STREAM by our user. */
  reset(stream: EngineStream, code: number): void {
    if (stream.closed) return;
    this.#connection.sender.forget(stream);
    this.#connection.writer.rstStream(stream.id, code);
    if ((stream.state & StreamState.RECEIVED_END) === 0) {
      this.recentlyReset.add(stream.id, Math.max(stream.receiveWindow, 0));
    }
    this.#remove(stream);
  }

  /** The peer broke a rule on one stream (RFC 9113, section 5.4.2). */
  fail(stream: EngineStream, code: number, text: string): void {
    if (stream.closed) return;
    this.reset(stream, code);
    stream.handler.onReset(code, "local", text);
    if (!this.#connection.isClient) this.#connection.guard.reset();
  }

  /** Takes a stream out that the peer brought to no proper end. */
  drop(stream: EngineStream, code: number, cause: ResetCause): void {
    this.#connection.sender.forget(stream);
    this.#remove(stream);
    stream.handler.onReset(code, cause);
  }

  /** The connection is over, and with it every stream. */
  endAll(code: number): void {
    const streams = [...this.#open.values()];
    this.#open.clear();
    for (const stream of streams) {
      this.#connection.sender.forget(stream);
      this.#close(stream);
    }
    for (const stream of streams) quietly(() => stream.handler.onReset(code, "connection"));
  }

  #endIfBothEnded(stream: EngineStream): void {
    if ((stream.state & BOTH_ENDS) !== BOTH_ENDS || stream.closed) return;
    this.#connection.guard.earnReset();
    this.#remove(stream);
  }

  #remove(stream: EngineStream): void {
    this.#close(stream);
    this.#open.delete(stream.id);
    this.#connection.streamsChanged();
    if (this.#open.size === 0) this.#connection.idle.give();
  }

  #close(stream: EngineStream): void {
    stream.state |= StreamState.CLOSED;
    this.#connection.receiver.forget(stream);
  }
}

/** One handler's fault keeps no other from hearing of the end. */
function quietly(call: () => void): void {
  try {
    call();
  } catch {
    // The connection is over already, so that the error is not reported.
  }
}
