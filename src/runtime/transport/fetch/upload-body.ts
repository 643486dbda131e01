import { soon } from "../../core/turn.js";
import type { Compression } from "../transport.js";
import { compressedFrame } from "./compressed-frame.js";

/** So many bytes at most go to fetch at a time, unless one message is longer. */
const MAX_PIECE = 64 * 1024;

/** Messages on their way to the server as the body of a request: fetch takes them as it gets rid of them. */
export class UploadBody {
  readonly stream: ReadableStream<Uint8Array>;
  readonly #highWaterMark: number;
  readonly #compression: Compression;
  readonly #onDrain: () => void;
  #frames: Uint8Array[] = [];
  #queued = 0;
  #wantsDrain = false;
  #ended = false;
  /** Fetch does not read further. */
  #gone = false;
  #wake: (() => void) | undefined;

  /** @param onDrain there is room again, after {@link add} returned false; from a fresh stack */
  constructor(highWaterMark: number, compression: Compression, onDrain: () => void) {
    this.#highWaterMark = highWaterMark;
    this.#compression = compression;
    this.#onDrain = onDrain;
    this.stream = new ReadableStream<Uint8Array>(
      { pull: (controller) => this.#pull(controller), cancel: () => this.stop() },
      { highWaterMark: 0 },
    );
  }

  /** Whether everything was handed to fetch. */
  get complete(): boolean {
    return this.#gone || (this.#ended && this.#frames.length === 0);
  }

  /** Queues a message behind its prefix. False where more than the high-water mark waits. */
  add(frame: Uint8Array): boolean {
    // The call's end is on its way: who waits for room waits for that. Else a loop of sends would keep it from coming.
    if (this.#gone) return false;
    if (this.#ended) return true;
    this.#frames.push(frame);
    this.#queued += frame.length;
    this.#wakeUp();
    if (this.#queued <= this.#highWaterMark) return true;
    this.#wantsDrain = true;
    return false;
  }

  /** No further messages. */
  end(): void {
    this.#ended = true;
    this.#wakeUp();
  }

  /** Throws away what waits. */
  stop(): void {
    this.#gone = true;
    this.#frames = [];
    this.#queued = 0;
    this.#wakeUp();
  }

  #wakeUp(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }

  async #pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    if (this.#frames.length === 0 && !this.#ended && !this.#gone) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#gone) return;
    const piece = this.#take();
    if (piece.length > 0) controller.enqueue(await this.#compressed(piece));
    if (this.#ended && this.#frames.length === 0 && !this.#gone) controller.close();
  }

  #take(): Uint8Array[] {
    let count = 0;
    let size = 0;
    for (const { length } of this.#frames) {
      if (count > 0 && size + length > MAX_PIECE) break;
      count++;
      size += length;
    }
    const taken = this.#frames.splice(0, count);
    this.#queued -= size;
    if (this.#wantsDrain && this.#queued <= this.#highWaterMark / 2) {
      this.#wantsDrain = false;
      soon(this.#onDrain);
    }
    return taken;
  }

  async #compressed(frames: readonly Uint8Array[]): Promise<Uint8Array> {
    const compression = this.#compression;
    const done =
      compression === "identity"
        ? frames
        : await Promise.all(frames.map((frame) => compressedFrame(frame, compression)));
    if (done.length === 1) return done[0]!;
    const piece = new Uint8Array(done.reduce((size, { length }) => size + length, 0));
    let at = 0;
    for (const frame of done) {
      piece.set(frame, at);
      at += frame.length;
    }
    return piece;
  }
}
