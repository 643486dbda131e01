import type { ByteSink } from "../../core/codec.js";
import type { Environment } from "../environment.js";
import * as ErrorCode from "../error-code.js";
import { Lent } from "../output/block.js";
import { REFERENCE_FROM } from "../output/block-writer.js";
import { Nowhere } from "../output/nowhere.js";
import type { Output } from "../output/output.js";
import type { EngineStream } from "../streams/engine-stream.js";
import { SendQueue } from "../streams/send-queue.js";
import type { HeaderList, Release } from "../streams/stream.js";
import * as StreamState from "../streams/stream-state.js";
import { closeFrames, writeEnd } from "./data-frames.js";
import { SendAccount } from "./send-account.js";
import { SendTurns, type TurnsOwner } from "./send-turns.js";

/** As much as a socket is read for at a time: what is beyond it does not wait for the end of the turn. */
const FLUSH_BYTES = 64 * 1024;

/** The connection, as its sender sees it. */
export interface SenderOwner extends TurnsOwner {
  /** More than {@link FLUSH_BYTES} are to be taken. */
  muchOutput(): void;
}

/**
 * What the streams of a connection send. A codec writes straight into the output where windows are open and nobody waits; what does not
 * fit goes to the queue of its stream, and takes its turn.
 */
export class Sender {
  readonly #connection: SenderOwner;
  readonly #environment: Environment;
  readonly #output: Output;
  readonly #account: SendAccount;
  readonly #turns: SendTurns;
  readonly #maxOutput: number;
  /** Whose DATA is open in the output. */
  #open: EngineStream | undefined;

  /** @param maxOutput Bytes that may wait for the socket. */
  constructor(connection: SenderOwner, environment: Environment, output: Output, maxOutput: number) {
    this.#connection = connection;
    this.#environment = environment;
    this.#output = output;
    this.#maxOutput = maxOutput;
    this.#account = new SendAccount(connection.guard);
    this.#turns = new SendTurns(connection, output, this.#account, maxOutput);
  }

  /** Bytes in the queues of all streams. */
  get queuedBytes(): number {
    return this.#turns.queuedBytes;
  }

  /** DATA frames so far. */
  get sentFrames(): number {
    return this.#account.frames;
  }

  // A stream's pieces -------------------------------------------------------------------------------------------------

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
    if (stream.closed) this.#forgetOpen(stream);
    else if (this.#open === stream) this.#abandonOpen();
    else if (stream.queue?.open === true) stream.queue.abandonPiece();
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
    this.#turns.queued(stream, queue, bytes.length, endStream);
  }

  // What follows them -------------------------------------------------------------------------------------------------

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
    if (endStream) this.#connection.streams.sentEnd(stream);
  }

  /** END_STREAM behind everything. */
  endStream(stream: EngineStream): void {
    const { queue } = stream;
    if (queue?.waiting === true) {
      queue.ends = true;
      stream.state |= StreamState.QUEUED_END;
      return;
    }
    writeEnd(this.#output, stream.id);
    this.#connection.streams.sentEnd(stream);
  }

  /** The stream is over: what waits of it goes nowhere. */
  forget(stream: EngineStream): void {
    this.#turns.forget(stream);
  }

  // What the peer says ------------------------------------------------------------------------------------------------

  /** The peer widened a window (RFC 9113, section 6.9); undefined for the connection's. */
  windowUpdate(stream: EngineStream | undefined, increment: number): void {
    if (stream === undefined) {
      this.#account.widen(increment);
    } else if (this.#account.widenStream(stream, increment)) {
      this.#turns.schedule(stream);
    } else {
      this.#connection.streams.fail(stream, ErrorCode.FLOW_CONTROL_ERROR, "a window over 2^31-1");
      return;
    }
    this.pump();
  }

  /** The peer's initial window changed by `delta` (RFC 9113, section 6.9.2). */
  initialWindowChanged(streams: Iterable<EngineStream>, delta: number): void {
    for (const stream of streams) {
      this.#account.shift(stream, delta);
      if (delta > 0) this.#turns.schedule(stream);
    }
    this.pump();
  }

  /** Sends what may go now of what waits. */
  pump(): void {
    this.#turns.pump();
  }

  // The open piece in the output --------------------------------------------------------------------------------------

  /** Whether DATA of this stream may be written at once: nothing of it waits, nobody waits before it, and there is room. */
  #mayWrite(stream: EngineStream): boolean {
    const { queue } = stream;
    return (
      this.#account.allows(stream) > 0 &&
      this.#output.unsent < this.#maxOutput &&
      this.#turns.empty &&
      (queue === undefined || !(queue.waiting || queue.open))
    );
  }

  #endOpen(stream: EngineStream, endStream: boolean): void {
    const output = this.#output;
    const size = output.position - output.payloadAt;
    this.#open = undefined;
    if (size === 0 && !endStream) {
      output.abandonData();
      return;
    }
    if (!this.#account.pay(stream, size)) {
      const queue = this.#queueOf(stream);
      queue.push(output.extractData());
      this.#turns.queued(stream, queue, size, endStream);
      return;
    }
    closeFrames(output, stream.id, this.#connection.writer.maxFrameSize, endStream);
    if (endStream) this.#connection.streams.sentEnd(stream);
    this.#turns.pump();
    if (output.pending >= FLUSH_BYTES) this.#connection.muchOutput();
  }

  #abandonOpen(): void {
    this.#open = undefined;
    this.#output.abandonData();
    this.pump();
  }

  /** The codec that was writing when its stream came to its end has returned. */
  #forgetOpen(stream: EngineStream): void {
    if (stream.queue?.open === true) stream.queue.clear();
    if (this.#open === stream) this.#abandonOpen();
  }

  #endQueued(stream: EngineStream, queue: SendQueue, endStream: boolean): void {
    const before = queue.count;
    queue.closePiece();
    this.#turns.queued(stream, queue, queue.count - before, endStream);
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
