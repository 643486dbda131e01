import type { Environment } from "../environment.js";
import { FRAME_HEADER_BYTES } from "../frames/constants.js";
import type { OwnedBatch } from "./batch.js";
import type { Owner, Segment } from "./block.js";
import { BlockWriter } from "./block-writer.js";

/** DATA of one stream and turn joins one frame up to here. */
const JOINED_FRAME = 16_384 - FRAME_HEADER_BYTES;

/** Room that must be left for a further message to join a frame, instead of moving it to a larger block. */
const ROOM_TO_JOIN = 512;

/**
 * What a connection is about to send: whole frames. One DATA frame at a time may be open, which a codec writes into; other frames
 * that somebody sends from inside that codec are kept aside, and go out behind it.
 */
export class Output extends BlockWriter {
  /** Where the header of the open or the last DATA frame is; see {@link joins}. */
  frameAt = 0;
  /** Where the open DATA began in it. */
  payloadAt = 0;
  /** Bytes that {@link take} would give. */
  pending = 0;
  /** Bytes of control frames that were not written to the socket yet. */
  controlBytes = 0;
  readonly #onOutput: () => void;
  #announced = false;
  /** Taken, and not done. */
  #inFlight = 0;
  /** The stream whose DATA frame ends at `position`, so that more can join it; 0 for none. */
  #lastStream = 0;
  #dataOpen = false;
  #aside: BlockWriter | undefined;
  #takenControl = 0;

  constructor(environment: Environment, onOutput: () => void) {
    super(environment);
    this.#onOutput = onOutput;
  }

  /** Bytes that no socket has taken for good yet. */
  get unsent(): number {
    return this.pending + this.#inFlight;
  }

  /** Whether a DATA frame is open. */
  get dataOpen(): boolean {
    return this.#dataOpen;
  }

  /** Where frames are written now: here, or aside while a DATA frame is open. Call {@link wrote} afterwards. */
  frames(): BlockWriter {
    if (this.#dataOpen) {
      this.#aside ??= new BlockWriter(this.environment);
      return this.#aside;
    }
    this.#lastStream = 0;
    return this;
  }

  /** So many bytes of frames are complete. */
  wrote(bytes: number): void {
    this.pending += bytes;
    if (this.#announced) return;
    this.#announced = true;
    this.#onOutput();
  }

  /** Opens DATA of a stream, in a new frame or in the one that it just sent. */
  openData(streamId: number): void {
    if (!this.joins(streamId) || this.limit - this.position < ROOM_TO_JOIN) {
      this.frameAt = this.begin();
      this.position += FRAME_HEADER_BYTES;
    } else {
      this.mark = this.frameAt;
    }
    this.payloadAt = this.position;
    this.#dataOpen = true;
  }

  /** Whether the last thing written is a DATA frame of this stream that has room. */
  joins(streamId: number): boolean {
    return (
      this.#lastStream === streamId &&
      !this.#dataOpen &&
      this.frameAt >= this.start &&
      this.position - this.frameAt < JOINED_FRAME
    );
  }

  /** The open DATA ends here; the header of its last frame is at `lastFrameAt`. */
  closeData(streamId: number, lastFrameAt: number): void {
    const bytes = this.position - this.payloadAt + this.#newHeader();
    this.frameAt = lastFrameAt;
    this.#lastStream = streamId;
    this.#closed(bytes);
  }

  /** The open DATA goes away; a frame that it joined stays as it was. */
  abandonData(): void {
    const added = this.#newHeader();
    this.position = this.payloadAt - added;
    if (added > 0) this.#lastStream = 0;
    this.#closed(0);
  }

  /** Takes the open DATA out, as a segment. */
  extractData(): Segment {
    const segment = this.cut(this.position - this.payloadAt, this.#newHeader());
    this.retire();
    this.#lastStream = 0;
    this.#closed(0);
    return segment;
  }

  /** All that is complete. */
  take(): OwnedBatch | undefined {
    this.#announced = false;
    if (this.#dataOpen) return undefined;
    if (this.pending === 0) return undefined;
    this.#lastStream = 0; // nothing joins a frame that is gone
    let pieces: Uint8Array[];
    let owners: Owner[];
    if (this.segments.length === 0) {
      // Mostly: all of it is in one block. It needs no segment, and arrays made whole need no room to grow.
      const block = this.takeRest();
      pieces = [block.bytes.subarray(this.taken, this.start)];
      owners = [block];
    } else {
      const segments = this.takeSegments();
      pieces = segments.map(({ bytes, start, end }) => bytes.subarray(start, end));
      owners = segments.map(({ owner }) => owner);
    }
    const length = this.pending;
    this.pending = 0;
    this.#inFlight += length;
    const controlBytes = this.controlBytes - this.#takenControl;
    this.#takenControl = this.controlBytes;
    return { pieces, length, owners, controlBytes };
  }

  /** The memory of a batch is free. */
  done(batch: OwnedBatch): void {
    this.#inFlight -= batch.length;
    this.controlBytes -= batch.controlBytes;
    this.#takenControl -= batch.controlBytes;
    for (const owner of batch.owners) this.drop(owner);
    this.#rest();
  }

  /** Holds no memory where nothing waits. */
  #rest(): void {
    if (this.pending === 0 && !this.#dataOpen && this.blockIsIdle) this.retire();
  }

  /** Bytes of the frame header that the open DATA brought along. */
  #newHeader(): number {
    return this.payloadAt === this.frameAt + FRAME_HEADER_BYTES ? FRAME_HEADER_BYTES : 0;
  }

  #closed(bytes: number): void {
    this.#dataOpen = false;
    if (bytes > 0) this.wrote(bytes);
    if (this.#aside !== undefined) this.#takeAside(this.#aside);
    this.#rest();
  }

  #takeAside(aside: BlockWriter): void {
    this.#aside = undefined;
    this.#lastStream = 0;
    for (const { bytes, start, end, owner } of aside.finish()) this.append(bytes, start, end, owner);
  }
}
