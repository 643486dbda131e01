import type { ByteSink } from "../../core/codec.js";
import type { HeaderList } from "../hpack/header-list.js";

export type { HeaderList };

/** Returns bytes that were lent to the engine, and are no longer read. Not called where a socket may still read them. */
export type Release = (bytes: Uint8Array) => void;

/**
 * One stream of a connection, as its user holds it. Once the stream is over, for whatever reason, every method does nothing
 * and every question is answered as for an empty stream: nobody has to ask before.
 */
export interface Stream {
  readonly id: number;
  /** Whether nothing more can come or go. The handler is told before it is true, but for a reset of one's own. */
  readonly closed: boolean;
  /** Whether DATA and trailers may still be sent: END_STREAM was neither sent nor queued, and the stream is not closed. */
  readonly writable: boolean;
  /** Bytes of DATA that wait for flow control or for the socket; 0 where everything is on its way. */
  readonly queuedBytes: number;
  /** Bytes delivered by `onData` that {@link consumed} was not told of. */
  readonly unreadBytes: number;

  /**
   * Sends a header list: a response, an interim response, or trailers (with `endStream`). Goes out behind all DATA that
   * was sent before, queued or not. Lower-case names; what is in the list is not checked.
   */
  sendHeaders(headers: HeaderList, endStream: boolean): void;

  /**
   * Opens room for DATA: the sink is the connection's output block itself where the windows are open and nothing waits,
   * else the stream's own queue; the caller need not know which. Write from `sink.position` on, then call {@link endData}
   * or {@link abandonData} in the same turn, without calling `beginData` of any stream in between that is not itself ended.
   * What follows DATA of the same stream in the same turn joins its frame.
   */
  beginData(): ByteSink;
  /** Sends what was written since {@link beginData}, in as many frames as it takes; what flow control holds back is queued. */
  endData(endStream: boolean): void;
  /** Takes back what was written since {@link beginData}: the codec threw. */
  abandonData(): void;
  /**
   * Sends bytes that exist already. Large pieces (4 KiB and more) are lent, not copied: leave them alone until `release` is called
   * with them. It is called too for what is never sent, but not for what a broken socket may still read.
   */
  sendData(bytes: Uint8Array, endStream: boolean, release?: Release): void;
  /** END_STREAM behind everything sent before: on the last DATA frame if that has not left yet, else on an empty one. */
  end(): void;

  /**
   * RST_STREAM, and no END_STREAM before it. What is queued is dropped, the handler is not called any more. Sends nothing where
   * the stream is over on both sides.
   */
  reset(code: number): void;

  /** So many bytes given to `onData` are done with: the peer may send as many more. */
  consumed(bytes: number): void;

  /** Replaces the handler; the engine keeps no other reference to the old one. */
  setHandler(handler: StreamHandler): void;
}

/**
 * What a stream tells its user; called from inside `connection.receive` (or `pump`), in the order of the bytes. Methods must not throw:
 * what they throw ends the connection with INTERNAL_ERROR. They may call anything on any stream and connection, but `receive`.
 * After `onReset`, and after both `onEnd` (or `onHeaders` with `endStream`) and an END_STREAM of one's own, nothing follows.
 */
export interface StreamHandler {
  /**
   * A response, an interim response (`:status` 1xx) or trailers on a client; trailers on a server, where the request itself came with
   * `onStream`. Validated by RFC 9113, section 8. The list is the handler's to keep.
   */
  onHeaders(headers: HeaderList, endStream: boolean): void;
  /**
   * A header list came that is larger than our limit, and was not kept. The connection is in step. Unless the handler sends something
   * here that ends the stream, a client's stream is reset with ENHANCE_YOUR_CALM by the engine; a server's is the handler's to end
   * (for instance with an answer RESOURCE_EXHAUSTED).
   */
  onHeadersTooLarge(size: number, limit: number, endStream: boolean): void;
  /**
   * DATA, perhaps a part of a frame. The bytes may be read during the call, and until `onDataRead` has returned. Call `stream.consumed`
   * sooner or later.
   */
  onData(bytes: Uint8Array, start: number, end: number): void;
  /** After one or more `onData`, before anything else is told of any stream: of those that came at once there are no more. */
  onDataRead?(): void;
  /** The peer's END_STREAM on a DATA frame; on a header list `onHeaders` says it. */
  onEnd(): void;
  /** The stream is over before its end. `cause` says by whom; `text` says why, where that is `local`. */
  onReset(code: number, cause: ResetCause, text?: string): void;
  /** Queued bytes went out: `stream.queuedBytes` is less than before. */
  onWritable(): void;
}

/**
 * Who ended a stream early:
 * - `peer`: its RST_STREAM; code REFUSED_STREAM says that it was not processed;
 * - `unprocessed`: a GOAWAY with a lower last stream id, or a stream that was never sent: certainly not processed;
 * - `local`: we found a fault of the peer's on this stream, and sent RST_STREAM with this code;
 * - `connection`: the connection is over; whether the peer processed the stream is not known.
 */
export type ResetCause = "peer" | "unprocessed" | "local" | "connection";
