import type { AbuseGuard } from "../abuse-guard.js";
import * as ErrorCode from "../error-code.js";
import { peerFault } from "../errors.js";
import type { Receiver } from "../flow/receiver.js";
import * as Flag from "../frames/flag.js";
import * as FrameType from "../frames/frame-type.js";
import type { EngineStream } from "../streams/engine-stream.js";
import * as StreamState from "../streams/stream-state.js";
import type { StreamTable } from "../streams/stream-table.js";

/** The connection, as the reader of DATA sees it. */
export interface DataOwner {
  readonly streams: StreamTable;
  readonly receiver: Receiver;
  readonly guard: AbuseGuard;
  /** It goes away and its last stream is over: it ends behind the frame that is being received, if not before. */
  readonly finishing: boolean;
  /** A frame came on a stream that is not there. */
  strayFrame(type: number, streamId: number): void;
  /** Whether frames on a stream that is over may be late, and no fault. */
  mayBeLate(streamId: number): boolean;
}

/** The DATA frame that is being received: hands its bytes to its stream as they come (RFC 9113, section 6.1). */
export class DataReader {
  readonly #connection: DataOwner;
  /** Undefined where the stream is over, and its bytes are discarded. */
  #stream: EngineStream | undefined;
  /** What is missing of the data, padding not counted. */
  #left = 0;
  /** Whether the next byte is the padding's length. */
  #padLengthNext = false;
  #endStream = false;
  /** It got data in this read, and may get more: `onDataRead` is due. */
  #reading: EngineStream | undefined;

  constructor(connection: DataOwner) {
    this.#connection = connection;
  }

  /** A frame of `length` bytes begins; the connection's window is paid already. */
  start(flags: number, streamId: number, length: number): void {
    this.#left = length;
    this.#endStream = (flags & Flag.END_STREAM) !== 0;
    this.#padLengthNext = (flags & Flag.PADDED) !== 0;
    if (length === 0) {
      if (this.#padLengthNext) throw peerFault(ErrorCode.FRAME_SIZE_ERROR, "DATA without room for its padding");
      if (!this.#endStream) this.#connection.guard.emptyFrame();
    }
    const stream = this.#connection.streams.get(streamId);
    this.#stream = stream;
    if (stream === undefined) this.#late(streamId, length);
    else this.#check(stream, length);
    if (!this.#padLengthNext) this.#checkContent();
  }

  part(bytes: Uint8Array, start: number, end: number, last: boolean): void {
    let from = start;
    if (this.#padLengthNext && from < end) this.#padding(bytes[from++]!);
    const size = Math.min(end - from, this.#left);
    this.#left -= size;
    if (size > 0 && this.#stream !== undefined) this.#deliver(this.#stream, bytes, from, from + size);
    if (!last) return;
    const stream = this.#stream;
    this.#stream = undefined;
    if (this.#endStream && stream !== undefined) this.#end(stream);
  }

  /**
   * Tells the stream that got data last, while the bytes are there, that there is no more of it at once.
   * @param next the stream whose data follows; where that is the same one, there is more
   */
  pause(next = 0): void {
    const stream = this.#reading;
    if (stream === undefined || stream.id === next) return;
    this.#reading = undefined;
    stream.handler.onDataRead?.();
  }

  /** RFC 9113, section 6.1: padding as long as the rest of the payload, or longer, is an error. It needs no credit of a user's. */
  #padding(length: number): void {
    this.#padLengthNext = false;
    if (this.#connection.finishing) return;
    if (length >= this.#left) throw peerFault(ErrorCode.PROTOCOL_ERROR, "DATA shorter than its padding");
    this.#left -= 1 + length;
    if (this.#stream !== undefined) this.#connection.receiver.credited(this.#stream, 1 + length);
    this.#checkContent();
    if (this.#left === 0 && !this.#endStream) this.#connection.guard.emptyFrame();
  }

  #check(stream: EngineStream, length: number): void {
    if ((stream.state & StreamState.RECEIVED_END) !== 0) {
      // RFC 9113, section 5.1, "half-closed (remote)"
      this.#fail(stream, ErrorCode.STREAM_CLOSED, "DATA after END_STREAM");
    } else if ((stream.state & StreamState.RECEIVED_HEADERS) === 0) {
      // RFC 9113, section 8.1: a message begins with its header section.
      this.#fail(stream, ErrorCode.PROTOCOL_ERROR, "DATA before headers");
    } else if (length > Math.max(stream.receiveWindow, 0)) {
      this.#fail(stream, ErrorCode.FLOW_CONTROL_ERROR, "DATA beyond the window");
    } else {
      stream.receiveWindow -= length;
    }
  }

  /** DATA on a stream that is not open. */
  #late(streamId: number, length: number): void {
    const connection = this.#connection;
    const { recentlyReset } = connection.streams;
    if (recentlyReset.has(streamId)) {
      if (!recentlyReset.spend(streamId, length)) {
        throw peerFault(ErrorCode.FLOW_CONTROL_ERROR, "DATA beyond the window of a stream that was reset");
      }
      if (this.#endStream) recentlyReset.remove(streamId);
      return;
    }
    connection.strayFrame(FrameType.DATA, streamId);
    // RFC 9113, section 5.1, "closed": frames after END_STREAM.
    if (!connection.mayBeLate(streamId)) throw peerFault(ErrorCode.STREAM_CLOSED, "DATA on a stream that is closed");
  }

  #deliver(stream: EngineStream, bytes: Uint8Array, start: number, end: number): void {
    if (stream.closed) return;
    if (stream.contentLeft >= 0) stream.contentLeft -= end - start;
    this.#connection.receiver.delivered(stream, end - start);
    this.#reading = stream;
    stream.handler.onData(bytes, start, end);
  }

  /**
   * RFC 9113, section 8.1.1: a content-length that is not what comes makes a message malformed. Told by the frame's length, before
   * any of it is delivered, so that it does not matter how the bytes were cut.
   */
  #checkContent(): void {
    const stream = this.#stream;
    if (stream === undefined || stream.contentLeft < 0 || this.#left <= stream.contentLeft) return;
    this.#fail(stream, ErrorCode.PROTOCOL_ERROR, "more data than content-length says");
  }

  /** The stream broke a rule; the rest of the frame is discarded. */
  #fail(stream: EngineStream, code: number, text: string): void {
    this.pause();
    this.#connection.streams.fail(stream, code, text);
    this.#stream = undefined;
  }

  #end(stream: EngineStream): void {
    this.pause();
    if (stream.closed) return;
    if (stream.contentLeft > 0) {
      this.#connection.streams.fail(stream, ErrorCode.PROTOCOL_ERROR, "less data than content-length says");
      return;
    }
    stream.state |= StreamState.RECEIVED_END;
    stream.handler.onEnd();
    this.#connection.streams.receivedEnd(stream);
  }
}
