import type { Environment } from "../environment.js";
import type { Segment } from "../output/block.js";
import { BlockWriter } from "../output/block-writer.js";
import type { Output } from "../output/output.js";
import type { HeaderList } from "./stream.js";

/** The first block of a queue is small: many streams may have one. */
const FIRST_BLOCK = 4096;

/** DATA of one stream that waits for flow control or for the socket, and what comes behind it. */
export class SendQueue extends BlockWriter {
  /** Bytes that wait. */
  count = 0;
  /** END_STREAM follows the last byte. */
  ends = false;
  /** Headers that follow the last byte; with END_STREAM where {@link ends} is set. */
  headers: HeaderList | undefined;
  /** Whether a piece is open: between `beginData` and `endData`. */
  open = false;
  /** In the ring of the scheduler. */
  scheduled = false;

  constructor(environment: Environment) {
    super(environment, FIRST_BLOCK);
  }

  get waiting(): boolean {
    return this.count > 0 || this.headers !== undefined || this.ends;
  }

  openPiece(): void {
    this.begin();
    this.open = true;
  }

  closePiece(): void {
    this.open = false;
    this.count += this.position - this.mark;
  }

  abandonPiece(): void {
    this.open = false;
    this.position = this.mark;
    this.rest();
  }

  /** Holds no memory where nothing waits. */
  rest(): void {
    if (this.count === 0 && !this.open) this.retire();
  }

  push(segment: Segment): void {
    this.append(segment.bytes, segment.start, segment.end, segment.owner);
    this.count += segment.end - segment.start;
  }

  /** Moves the next `size` bytes to the output: small ones are copied, large ones referenced. */
  moveTo(output: Output, size: number): void {
    this.seal();
    let left = size;
    let whole = 0;
    while (left > 0) {
      const segment = this.segments[whole]!;
      const part = Math.min(left, segment.end - segment.start);
      const last = part === segment.end - segment.start;
      if (!last && segment.owner !== undefined) segment.owner.holders++;
      output.append(segment.bytes, segment.start, segment.start + part, segment.owner);
      segment.start += part;
      left -= part;
      if (last) whole++;
    }
    if (whole > 0) this.segments.splice(0, whole);
    this.count -= size;
    this.rest();
  }

  /** Drops all that waits. */
  clear(): void {
    this.open = false;
    this.reset();
    this.count = 0;
    this.ends = false;
    this.headers = undefined;
  }
}
