import type { ByteSink } from "../../core/codec.js";
import { putBytes } from "../../core/put-bytes.js";
import type { Environment } from "../environment.js";
import { Block, type Owner, type Segment } from "./block.js";

const NOTHING = new Uint8Array(0);

/** What a new block holds at least, unless it is the first one of a small writer. */
const USUAL_BLOCK = 32 * 1024;

/**
 * Where less than this is left, or less than recent pieces took, the next piece starts in a new block instead of moving there half-written:
 * it would keep its position there, and leave what is before it unused.
 */
const ROOM_FOR_A_FRAME = 1024;

/** Blocks beyond this were made for one piece, and take no second. */
const LARGE_BLOCK = 160 * 1024;

/** Bytes are copied up to here, and referenced from here on. */
export const REFERENCE_FROM = 4096;

/**
 * A growing sequence of bytes in blocks. One piece at a time is written contiguously, from {@link begin} on; full blocks become
 * segments. It holds no memory while it is empty.
 */
export class BlockWriter implements ByteSink {
  bytes: Uint8Array = NOTHING;
  position = 0;
  /** Where {@link bytes} end: V8 looks the length of a Buffer up anew each time. */
  protected limit = 0;
  /** What is complete, in order; then `[start, position)` of the current block. */
  segments: Segment[] = [];
  protected start = 0;
  /** Where {@link takeRest} began. */
  protected taken = 0;
  /** Where the piece that is being written began. */
  protected mark = 0;
  protected readonly environment: Environment;
  #block: Block | undefined;
  /** Bytes that pieces took of late. */
  #usual = 0;
  readonly #firstBlock: number;

  constructor(environment: Environment, firstBlock: number = USUAL_BLOCK) {
    this.environment = environment;
    this.#firstBlock = firstBlock;
  }

  /** Starts a piece; returns its position, which later growth does not change. */
  begin(): number {
    this.#noteSize();
    const room = this.#usual < ROOM_FOR_A_FRAME ? ROOM_FOR_A_FRAME : this.#usual;
    if (this.limit - this.position < room || this.#isSpent()) this.#next(Math.min(room, LARGE_BLOCK));
    this.mark = this.position;
    return this.position;
  }

  reserve(size: number): void {
    const needed = this.position + size;
    if (needed > this.limit) this.#grow(needed);
  }

  /** Adds bytes that are complete: copies of small ones, references to large ones. The holder that `owner` counts becomes ours. */
  append(bytes: Uint8Array, start: number, end: number, owner: Owner): void {
    if (end - start < REFERENCE_FROM) {
      this.begin();
      this.reserve(end - start);
      putBytes(bytes, start, end, this.bytes, this.position);
      this.position += end - start;
      this.drop(owner);
      return;
    }
    this.seal();
    this.segments.push({ bytes, start, end, owner });
  }

  /** All that was written, in segments, each with its holder; nothing is left here. */
  finish(): Segment[] {
    const segments = this.takeSegments();
    this.retire();
    return segments;
  }

  /** Throws away all that was written. */
  reset(): void {
    for (const { owner } of this.finish()) this.drop(owner);
  }

  /** Cuts the last `size` bytes off, as a segment of their own, and throws away the `before` bytes in front of them. */
  protected cut(size: number, before: number): Segment {
    const end = this.position;
    const start = end - size;
    this.position = start - before;
    this.seal();
    this.start = end;
    this.position = end;
    const block = this.#block!;
    block.holders++;
    return { bytes: this.bytes, start, end, owner: block };
  }

  /** Makes a segment of what was written. */
  protected seal(): void {
    if (this.position === this.start) return;
    const block = this.#block!;
    block.holders++;
    this.segments.push({ bytes: this.bytes, start: this.start, end: this.position, owner: block });
    this.start = this.position;
  }

  /** All that was written, in segments; the current block is kept. */
  protected takeSegments(): Segment[] {
    this.seal();
    const { segments } = this;
    this.segments = [];
    return segments;
  }

  /** What {@link seal} would make a segment of, without one: from `taken` to `start` of this block, held. Where something was written. */
  protected takeRest(): Block {
    const block = this.#block!;
    block.holders++;
    this.taken = this.start;
    this.start = this.position;
    return block;
  }

  /** Lets go of the current block where nothing is in it that is still to be sent. */
  protected retire(): void {
    const block = this.#block;
    if (block === undefined || this.position !== this.start) return;
    this.#noteSize();
    this.#block = undefined;
    this.bytes = NOTHING;
    this.limit = 0;
    this.position = 0;
    this.start = 0;
    this.mark = 0;
    block.drop(this.environment);
  }

  /** Whether the current block is ours alone: no segment and no batch needs it. */
  protected get blockIsIdle(): boolean {
    return this.#block !== undefined && this.#block.holders === 1;
  }

  protected drop(owner: Owner): void {
    owner?.drop(this.environment);
  }

  /** Remembers the last piece's size; one that is rare is forgotten step by step. */
  #noteSize(): void {
    const size = this.position - this.mark;
    if (size > this.#usual) this.#usual = size;
    else if (size > 0) this.#usual -= (this.#usual - size) >> 3;
  }

  #isSpent(): boolean {
    return this.limit > LARGE_BLOCK && this.position > 0;
  }

  /** A new block, for a new piece. */
  #next(size: number): void {
    const first = this.#block === undefined;
    this.seal();
    this.retire();
    this.#use(new Block(this.environment.acquire(Math.max(size, first ? this.#firstBlock : USUAL_BLOCK))));
  }

  /** A larger block in the middle of a piece, which keeps its positions: a codec remembers some. */
  #grow(needed: number): void {
    const { position, mark, bytes } = this;
    const old = this.#block;
    const wanted = Math.max(mark + 2 * (position - mark), needed, USUAL_BLOCK);
    const grown = new Block(this.environment.acquire(wanted));
    this.position = mark;
    this.seal();
    putBytes(bytes, mark, position, grown.bytes, mark);
    this.start = mark;
    this.position = position;
    this.#use(grown);
    old?.drop(this.environment);
  }

  #use(block: Block): void {
    this.#block = block;
    this.bytes = block.bytes;
    this.limit = block.bytes.length;
  }
}
