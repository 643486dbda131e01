import type { AbuseGuard } from "../abuse-guard.js";
import * as Flag from "../frames/flag.js";
import type { FrameWriter } from "../frames/frame-writer.js";
import type { Output } from "../output/output.js";
import type { EngineStream } from "../streams/engine-stream.js";
import type { SendQueue } from "../streams/send-queue.js";
import * as StreamState from "../streams/stream-state.js";
import type { StreamTable } from "../streams/stream-table.js";
import { writeDataHeader } from "./data-frames.js";
import type { SendAccount } from "./send-account.js";
import { SendRing } from "./send-ring.js";

/** So many bytes of one stream go out before it is the next one's turn, where several wait. */
const QUANTUM = 32 * 1024;

/** DATA frames that a shut window makes smaller than this count as dribble (CVE-2019-9511). */
const DRIBBLE = 256;

/** The connection, as its waiting streams see it. */
export interface TurnsOwner {
  readonly writer: FrameWriter;
  readonly streams: Pick<StreamTable, "sentEnd" | "fail">;
  readonly guard: Pick<AbuseGuard, "earnControls" | "dribble">;
  /** Reports an error that must not reach the caller. */
  fail(error: unknown): void;
}

/** DATA that waits for windows or for the socket, in the queues of its streams: they take turns. */
export class SendTurns {
  /** Bytes in the queues of all streams. */
  queuedBytes = 0;
  readonly #connection: TurnsOwner;
  readonly #output: Output;
  readonly #account: SendAccount;
  readonly #maxOutput: number;
  readonly #ring = new SendRing();
  #pumping = false;

  /** @param maxOutput Bytes that may wait for the socket. */
  constructor(connection: TurnsOwner, output: Output, account: SendAccount, maxOutput: number) {
    this.#connection = connection;
    this.#output = output;
    this.#account = account;
    this.#maxOutput = maxOutput;
  }

  /** Whether no stream waits for its turn. */
  get empty(): boolean {
    return this.#ring.empty;
  }

  /** So many bytes joined the queue of a stream, and perhaps its end. */
  queued(stream: EngineStream, queue: SendQueue, bytes: number, endStream: boolean): void {
    this.queuedBytes += bytes;
    if (endStream) {
      queue.ends = true;
      stream.state |= StreamState.QUEUED_END;
    }
    if (queue.count === 0 && !queue.open) {
      this.#finish(stream, queue);
      return;
    }
    this.schedule(stream);
    this.pump();
  }

  /** Gives a stream a turn, where it has something to send and a window for it. */
  schedule(stream: EngineStream): void {
    const { queue } = stream;
    if (queue === undefined || queue.scheduled || !queue.waiting) return;
    if (stream.sendWindow > 0 || queue.count === 0) {
      queue.scheduled = true;
      this.#ring.push(stream);
    }
  }

  /** What waits of a stream goes nowhere. Where a codec is writing for it just now, its memory is let go afterwards. */
  forget(stream: EngineStream): void {
    const { queue } = stream;
    if (queue === undefined) return;
    this.queuedBytes -= queue.count;
    queue.count = 0;
    if (!queue.open) queue.clear();
  }

  /** Sends what may go now, stream by stream. */
  pump(): void {
    if (this.#pumping || this.#ring.empty) return;
    this.#pumping = true;
    try {
      while (this.#account.open && this.#output.unsent < this.#maxOutput && !this.#output.dataOpen) {
        const stream = this.#ring.shift();
        if (stream === undefined) break;
        this.#sendSome(stream, this.#ring.empty ? this.#maxOutput : QUANTUM);
      }
    } catch (error) {
      // A handler threw, or a limit is broken. The code that happened to cause this write is not responsible.
      this.#connection.fail(error);
    } finally {
      this.#pumping = false;
    }
  }

  #sendSome(stream: EngineStream, quantum: number): void {
    const queue = stream.queue!; // who has a turn has a queue
    queue.scheduled = false;
    if (!queue.waiting || stream.closed) return;
    const before = queue.count;
    this.#sendFrames(stream, queue, quantum);
    this.queuedBytes -= before - queue.count;
    if (queue.count === 0) this.#finish(stream, queue);
    else this.schedule(stream);
    if (before > queue.count) stream.handler.onWritable();
  }

  #sendFrames(stream: EngineStream, queue: SendQueue, quantum: number): void {
    const { writer, guard, streams } = this.#connection;
    let left = quantum;
    while (queue.count > 0 && left > 0) {
      const allowed = this.#account.allows(stream);
      if (allowed <= 0) return;
      const size = Math.min(queue.count, allowed, writer.maxFrameSize, left);
      if (size < DRIBBLE && size === allowed && size < queue.count) guard.dribble();
      const ends = size === queue.count && queue.ends && queue.headers === undefined;
      writeDataHeader(this.#output, stream.id, size, ends ? Flag.END_STREAM : 0);
      queue.moveTo(this.#output, size);
      this.#output.wrote(size);
      left -= size;
      this.#account.pay(stream, size);
      if (ends) {
        queue.ends = false;
        streams.sentEnd(stream);
      }
    }
  }

  /** What comes behind the last byte. */
  #finish(stream: EngineStream, queue: SendQueue): void {
    const { headers, ends } = queue;
    queue.headers = undefined;
    queue.ends = false;
    queue.rest();
    if (headers !== undefined) this.#connection.writer.headers(stream.id, headers, ends);
    else if (ends) writeDataHeader(this.#output, stream.id, 0, Flag.END_STREAM);
    if (ends) this.#connection.streams.sentEnd(stream);
  }
}
