import type { ByteSink } from "../../core/codec.js";
import type { Environment } from "../environment.js";
import { ConnectionError, ErrorCode } from "../errors.js";
import { Flag, FRAME_HEADER_BYTES, FrameType, MAX_31_BIT } from "../frames/constants.js";
import { type FrameWriter, moveChunk } from "../frames/frame-writer.js";
import { writeFrameHeader } from "../frames/integers.js";
import { Lent } from "../output/block.js";
import { REFERENCE_FROM } from "../output/block-writer.js";
import { Nowhere } from "../output/nowhere.js";
import type { Output } from "../output/output.js";
import { type EngineStream, StreamState } from "../streams/engine-stream.js";
import { SendQueue } from "../streams/send-queue.js";
import type { HeaderList, Release } from "../streams/stream.js";
import { SendRing } from "./send-ring.js";

/** So many bytes of one stream go out before it is the next one's turn, where several wait. */
const QUANTUM = 32 * 1024;

/** As much as a socket is read for at a time: what is beyond it does not wait for the end of the turn. */
const FLUSH_BYTES = 64 * 1024;

/** DATA frames that a shut window makes smaller than this count as dribble (CVE-2019-9511). */
const DRIBBLE = 256;

/** The connection, as its sender sees it. */
export interface SenderOwner {
  readonly writer: FrameWriter;
  streamError(stream: EngineStream, code: number, text: string): void;
  /** Our END_STREAM was written. */
  sentEnd(stream: EngineStream): void;
  /** A DATA frame was written. */
  sentData(bytes: number): void;
  /** The peer's window let through a crumb. */
  dribbled(): void;
  /** More than {@link FLUSH_BYTES} are to be taken. */
  muchOutput(): void;
  /** Something was thrown that nobody else is to see. */
  fail(error: unknown): void;
}

/**
 * Sends DATA within the windows of streams and connection (RFC 9113, section 5.2) and the memory that may wait for the socket.
 * What does not fit waits in the queue of its stream; waiting streams take turns.
 */
export class Sender {
  /** The connection's window. */
  window = 65_535;
  readonly #connection: SenderOwner;
  readonly #environment: Environment;
  readonly #output: Output;
  readonly #maxOutput: number;
  readonly #ring = new SendRing();
  /** Whose DATA is open in the output. */
  #open: EngineStream | undefined;
  #pumping = false;
  /** Bytes in the queues of all streams. */
  queuedBytes = 0;

  constructor(connection: SenderOwner, environment: Environment, output: Output, maxOutput: number) {
    this.#connection = connection;
    this.#environment = environment;
    this.#output = output;
    this.#maxOutput = maxOutput;
  }

  /** Headers go behind what waits. */
  headers(stream: EngineStream, headers: HeaderList, endStream: boolean): void {
    const { queue } = stream;
    if (queue?.waiting === true) {
      checkLatin1(headers);
      queue.headers = headers;
      queue.ends = endStream;
      if (endStream) stream.state |= StreamState.QUEUED_END;
      return;
    }
    this.#connection.writer.headers(stream.id, headers, endStream);
    if (endStream) this.#connection.sentEnd(stream);
  }

  begin(stream: EngineStream): ByteSink {
    if (!stream.writable) return new Nowhere();
    if (this.#open === undefined && this.#mayWrite(stream)) {
      this.#open = stream;
      this.#output.openData(stream.id);
      return this.#output;
    }
    const queue = this.#queueOf(stream);
    if (this.#open === stream || queue.open) throw new Error("beginData inside of beginData of the same stream");
    queue.openPiece();
    return queue;
  }

  end(stream: EngineStream, endStream: boolean): void {
    if (stream.closed) this.#forgetOpen(stream);
    else if (this.#open === stream) this.#endOpen(stream, endStream);
    else if (stream.queue?.open === true) this.#endQueued(stream, stream.queue, endStream);
  }

  abandon(stream: EngineStream): void {
    if (stream.closed) {
      this.#forgetOpen(stream);
    } else if (this.#open === stream) {
      this.#open = undefined;
      this.#output.abandonData();
      this.pump();
    } else if (stream.queue?.open === true) {
      stream.queue.abandonPiece();
    }
  }

  data(stream: EngineStream, bytes: Uint8Array, endStream: boolean, release: Release | undefined): void {
    if (!stream.writable) {
      release?.(bytes);
      return;
    }
    if (bytes.length < REFERENCE_FROM) {
      const sink = this.begin(stream);
      sink.reserve(bytes.length);
      sink.bytes.set(bytes, sink.position);
      sink.position += bytes.length;
      this.end(stream, endStream);
      release?.(bytes);
      return;
    }
    const owner = release === undefined ? undefined : new Lent(bytes, release);
    const queue = this.#queueOf(stream);
    queue.push({ bytes, start: 0, end: bytes.length, owner });
    this.#queued(stream, queue, bytes.length, endStream);
  }

  /** END_STREAM behind everything. */
  endStream(stream: EngineStream): void {
    const { queue } = stream;
    if (queue?.waiting === true) {
      queue.ends = true;
      stream.state |= StreamState.QUEUED_END;
      return;
    }
    const output = this.#output;
    if (output.joins(stream.id)) output.bytes[output.frameAt + 4]! |= Flag.END_STREAM;
    else this.#writeEmptyEnd(stream);
    this.#connection.sentEnd(stream);
  }

  /** The stream is over: what waits of it goes nowhere. Where a codec is writing for it just now, its memory is let go afterwards. */
  forget(stream: EngineStream): void {
    const { queue } = stream;
    if (queue === undefined) return;
    this.queuedBytes -= queue.count;
    queue.count = 0;
    if (!queue.open) queue.clear();
  }

  /** The codec that was writing when its stream came to its end has returned. */
  #forgetOpen(stream: EngineStream): void {
    if (stream.queue?.open === true) stream.queue.clear();
    if (this.#open !== stream) return;
    this.#open = undefined;
    this.#output.abandonData();
    this.pump();
  }

  /** The peer widened a window (RFC 9113, section 6.9); undefined for the connection's. */
  windowUpdate(stream: EngineStream | undefined, increment: number): void {
    if (stream === undefined) {
      // RFC 9113, section 6.9.1
      if (this.window + increment > MAX_31_BIT) {
        throw new ConnectionError(ErrorCode.FLOW_CONTROL_ERROR, "the connection's window exceeds 2^31-1", "local");
      }
      this.window += increment;
    } else if (stream.sendWindow + increment > MAX_31_BIT) {
      this.#connection.streamError(stream, ErrorCode.FLOW_CONTROL_ERROR, "a window over 2^31-1");
      return;
    } else {
      stream.sendWindow += increment;
      this.#schedule(stream);
    }
    this.pump();
  }

  /** The peer's initial window changed by `delta`, which may make windows negative (RFC 9113, section 6.9.2). */
  initialWindowChanged(streams: Iterable<EngineStream>, delta: number): void {
    for (const stream of streams) {
      if (stream.sendWindow + delta > MAX_31_BIT) {
        throw new ConnectionError(ErrorCode.FLOW_CONTROL_ERROR, "a stream's window exceeds 2^31-1", "local");
      }
      stream.sendWindow += delta;
      if (delta > 0) this.#schedule(stream);
    }
    this.pump();
  }

  /** Sends what may go now, stream by stream. */
  pump(): void {
    if (this.#pumping || this.#ring.empty) return;
    this.#pumping = true;
    try {
      while (this.window > 0 && this.#output.unsent < this.#maxOutput && this.#open === undefined) {
        const stream = this.#ring.shift();
        if (stream === undefined) break;
        this.#sendSome(stream, this.#ring.empty ? this.#maxOutput : QUANTUM);
      }
    } catch (error) {
      // A handler threw, or a limit is broken; whoever caused the pumping has no part in it.
      this.#connection.fail(error);
    } finally {
      this.#pumping = false;
    }
  }

  /** Whether DATA of this stream may be written at once: nothing of it waits, nobody waits before it, and there is room. */
  #mayWrite(stream: EngineStream): boolean {
    return (
      stream.sendWindow > 0 &&
      this.window > 0 &&
      this.#output.unsent < this.#maxOutput &&
      this.#ring.empty &&
      (stream.queue === undefined || !(stream.queue.waiting || stream.queue.open))
    );
  }

  #endOpen(stream: EngineStream, endStream: boolean): void {
    const output = this.#output;
    const { id } = stream;
    const size = output.position - output.payloadAt;
    const frame = output.position - output.frameAt - FRAME_HEADER_BYTES;
    const { maxFrameSize } = this.#connection.writer;
    this.#open = undefined;
    if (size > stream.sendWindow || size > this.window) {
      const queue = this.#queueOf(stream);
      queue.push(output.extractData());
      this.#queued(stream, queue, size, endStream);
      return;
    }
    if (size === 0 && !endStream) {
      output.abandonData();
      return;
    }
    stream.sendWindow -= size;
    this.window -= size;
    const flags = endStream ? Flag.END_STREAM : 0;
    if (frame <= maxFrameSize) {
      writeFrameHeader(output.bytes, output.frameAt, frame, FrameType.DATA, flags, id);
      output.closeData(id, output.frameAt);
    } else {
      output.closeData(id, this.#split(id, frame, maxFrameSize, flags));
    }
    this.#connection.sentData(size);
    if (endStream) this.#connection.sentEnd(stream);
    if (!this.#ring.empty) this.pump();
    if (output.pending >= FLUSH_BYTES) this.#connection.muchOutput();
  }

  /** Cuts one frame in the output into several of the size that the peer takes; returns where the last one begins. */
  #split(streamId: number, length: number, size: number, flags: number): number {
    const output = this.#output;
    const count = Math.ceil(length / size);
    const added = (count - 1) * FRAME_HEADER_BYTES;
    output.reserve(added);
    for (let i = count - 1; i >= 0; i--) {
      const last = i === count - 1 ? flags : 0;
      moveChunk(output.bytes, output.frameAt, i, length, size, FrameType.DATA, last, streamId);
    }
    output.position += added;
    return output.frameAt + (count - 1) * (size + FRAME_HEADER_BYTES);
  }

  #endQueued(stream: EngineStream, queue: SendQueue, endStream: boolean): void {
    const before = queue.count;
    queue.closePiece();
    this.#queued(stream, queue, queue.count - before, endStream);
  }

  #queued(stream: EngineStream, queue: SendQueue, bytes: number, endStream: boolean): void {
    this.queuedBytes += bytes;
    if (endStream) {
      queue.ends = true;
      stream.state |= StreamState.QUEUED_END;
    }
    if (queue.count === 0 && !queue.open) {
      this.#finishQueue(stream, queue);
      return;
    }
    this.#schedule(stream);
    this.pump();
  }

  #schedule(stream: EngineStream): void {
    const { queue } = stream;
    if (queue === undefined || queue.scheduled || !queue.waiting) return;
    if (stream.sendWindow > 0 || queue.count === 0) {
      queue.scheduled = true;
      this.#ring.push(stream);
    }
  }

  #sendSome(stream: EngineStream, quantum: number): void {
    const queue = stream.queue!;
    queue.scheduled = false;
    if (!queue.waiting || stream.closed) return;
    const output = this.#output;
    const before = queue.count;
    let left = quantum;
    while (queue.count > 0 && left > 0) {
      const allowed = Math.min(stream.sendWindow, this.window);
      if (allowed <= 0) break;
      const size = Math.min(queue.count, allowed, this.#connection.writer.maxFrameSize, left);
      if (size < DRIBBLE && size === allowed && size < queue.count) this.#connection.dribbled();
      const ends = size === queue.count && queue.ends && queue.headers === undefined;
      this.#writeHeader(stream.id, size, ends ? Flag.END_STREAM : 0);
      queue.moveTo(output, size);
      output.wrote(size);
      stream.sendWindow -= size;
      this.window -= size;
      left -= size;
      this.#connection.sentData(size);
      if (ends) {
        queue.ends = false;
        this.#connection.sentEnd(stream);
      }
    }
    this.queuedBytes -= before - queue.count;
    if (queue.count === 0) this.#finishQueue(stream, queue);
    else this.#schedule(stream);
    if (before > queue.count) stream.handler.onWritable();
  }

  /** What comes behind the last byte. */
  #finishQueue(stream: EngineStream, queue: SendQueue): void {
    const { headers, ends } = queue;
    queue.headers = undefined;
    queue.ends = false;
    queue.rest();
    if (headers !== undefined) this.#connection.writer.headers(stream.id, headers, ends);
    else if (ends) this.#writeEmptyEnd(stream);
    if (ends) this.#connection.sentEnd(stream);
  }

  #writeEmptyEnd(stream: EngineStream): void {
    this.#writeHeader(stream.id, 0, Flag.END_STREAM);
  }

  #writeHeader(streamId: number, length: number, flags: number): void {
    const out = this.#output.frames();
    const at = out.begin();
    writeFrameHeader(out.bytes, at, length, FrameType.DATA, flags, streamId);
    out.position = at + FRAME_HEADER_BYTES;
    this.#output.wrote(FRAME_HEADER_BYTES);
  }

  #queueOf(stream: EngineStream): SendQueue {
    stream.queue ??= new SendQueue(this.#environment);
    return stream.queue;
  }
}

/** What waits cannot be refused later: it is checked now, as the encoder would. */
function checkLatin1(headers: HeaderList): void {
  for (const text of headers) {
    for (let i = 0; i < text.length; i++) {
      if (text.charCodeAt(i) > 0xff) throw new RangeError("a header has a character over 0xff");
    }
  }
}
