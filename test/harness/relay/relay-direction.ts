import type { Socket } from "node:net";
import { setImmediate, setTimeout } from "node:timers"; // not those that a test fakes
import type { Random } from "../random.js";
import type { Manner } from "./options.js";

/** When so much is queued, the source is not read: the relay must not hide that nobody reads at the other end. */
const mostQueued = 256 * 1024;

interface Mark {
  readonly offset: number;
  readonly action: () => void;
}

/** One way of a connection: what comes out of one socket goes into the other, in pieces. */
export class RelayDirection {
  readonly #source: Socket;
  readonly #sink: Socket;
  readonly #random: Random;
  readonly #manner: Manner;
  #queue: Buffer = Buffer.alloc(0);
  #hasEnded = false;
  #isStalled = false;
  #isOver = false;
  #moved = 0;
  #pieces = 0;
  #marks: Mark[] = [];
  #wake: () => void = () => {};

  constructor(source: Socket, sink: Socket, random: Random, manner: Manner) {
    this.#source = source;
    this.#sink = sink;
    this.#random = random;
    this.#manner = manner;
    source.on("data", (chunk: Buffer) => this.#take(chunk));
    source.on("end", () => {
      this.#hasEnded = true;
      this.#wake();
    });
    // A source that ended may be closed before all of it has gone on.
    source.on("close", () => this.#hasEnded || this.stop());
    sink.on("close", () => this.stop());
    sink.on("drain", () => this.#wake());
    void this.#pump();
  }

  /** Bytes that went on to the sink. */
  get moved(): number {
    return this.#moved;
  }

  /** In how many pieces they went. */
  get pieces(): number {
    return this.#pieces;
  }

  /** Bytes that came and have not gone on. */
  get queued(): number {
    return this.#queue.length;
  }

  /** Nothing moves any more, until {@link resume}. */
  stall(): void {
    this.#isStalled = true;
  }

  resume(): void {
    this.#isStalled = false;
    this.#wake();
  }

  /** Ends the sink, as if the source had ended; what is queued and what still comes is lost. The other way goes on. */
  halfClose(): void {
    this.stop();
    this.#source.resume();
    this.#sink.end();
  }

  /** Runs `action` when exactly `offset` bytes have gone on, before the next one: at once where it is so already. */
  at(offset: number, action: () => void): void {
    if (offset < this.#moved) throw new RangeError(`${this.#moved} bytes have gone on already`);
    this.#marks.push({ offset, action });
    this.#marks.sort((one, other) => one.offset - other.offset);
    this.#runMarks();
  }

  /** Moves nothing from now on, for good. */
  stop(): void {
    this.#isOver = true;
    this.#queue = Buffer.alloc(0);
    this.#wake();
  }

  #take(chunk: Buffer): void {
    if (this.#isOver) return;
    this.#queue = this.#queue.length === 0 ? chunk : Buffer.concat([this.#queue, chunk]);
    if (this.#queue.length >= mostQueued) this.#source.pause();
    this.#wake();
  }

  async #pump(): Promise<void> {
    for (;;) {
      while (!this.#isOver && (this.#isStalled || (this.#queue.length === 0 && !this.#hasEnded))) await this.#changed();
      // What comes meanwhile joins the piece.
      await this.#delay();
      if (this.#isOver) return;
      if (this.#isStalled) continue;
      if (this.#queue.length === 0) {
        this.#sink.end();
        return;
      }
      this.#move(this.#pieceSize());
      while (!this.#isOver && this.#sink.writableNeedDrain) await this.#changed();
    }
  }

  #move(size: number): void {
    const [mark] = this.#marks;
    const end = Math.min(size, this.#queue.length, mark === undefined ? size : mark.offset - this.#moved);
    this.#sink.write(this.#queue.subarray(0, end));
    this.#queue = this.#queue.subarray(end);
    this.#moved += end;
    this.#pieces++;
    if (this.#queue.length < mostQueued) this.#source.resume();
    this.#runMarks();
  }

  #runMarks(): void {
    while (this.#marks[0]?.offset === this.#moved) this.#marks.shift()!.action();
  }

  #pieceSize(): number {
    const { minPiece, maxPiece } = this.#manner;
    return Math.round(minPiece * (maxPiece / minPiece) ** this.#random.next());
  }

  /** One turn at least, so that the pieces arrive one by one. */
  async #delay(): Promise<void> {
    const { maxTurns, maxDelayMs } = this.#manner;
    for (let turns = this.#random.below(maxTurns + 1); turns >= 0; turns--) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (this.#random.below(100) > 0) return;
    const ms = this.#random.below(maxDelayMs + 1);
    await new Promise((resolve) => setTimeout(resolve, ms));
  }

  #changed(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
