import type { ConnectionError } from "../errors.js";
import type { Batch } from "../output/batch.js";
import type { Settings } from "../settings.js";
import type { HeaderList, Stream, StreamHandler } from "../streams/stream.js";

/**
 * An HTTP/2 connection without I/O: bytes in by {@link receive}, events out by direct calls of handlers, bytes out by {@link take}.
 * No method throws for anything a peer does.
 */
export interface Connection {
  /** What the peer allows us. The defaults of RFC 9113 until its first SETTINGS frame, when `onSettings` is called. */
  readonly peerSettings: Settings;
  /** What we allow the peer; in force once acknowledged. */
  readonly localSettings: Settings;
  /** Streams that are open or half-closed. */
  readonly openStreams: number;
  /** Bytes of DATA that wait for flow control or the socket, of all streams, and bytes that {@link take} would give. */
  readonly queuedBytes: number;
  /** DATA delivered to handlers and not consumed by them, of all streams. */
  readonly unreadBytes: number;
  /** When the last bytes came, by the environment's clock. For keepalive. */
  readonly lastReceivedAt: number;
  /** Whether `onClose` was called. */
  readonly closed: boolean;
  /** DATA frames sent so far: whether a ping of the peer's came behind something that it may be measuring. */
  readonly sentFrames: number;
  /** Whether either side said GOAWAY. */
  readonly goingAway: boolean;
  /** What `onClose` is or was called with; known while the streams hear of their end. */
  readonly error: ConnectionError | undefined;

  /** Reads all that came. Handlers run inside. `bytes` may be written again as soon as this returns. */
  receive(bytes: Uint8Array): void;
  /** The byte stream ended or broke: no bytes follow. Every stream is reset (`connection`), then `onClose` is called. */
  receiveEnd(error?: Error): void;

  /** All that is to be written now, or undefined where there is nothing. Hand it to {@link done} when the socket is done with it. */
  take(): Batch | undefined;
  /** The bytes of this batch were written, and nobody reads them any more: their memory is used again. Not to be called after errors. */
  done(batch: Batch): void;

  /** Sends a PING; `callback` gets the round trip in ms when it is answered, and is not called otherwise. */
  ping(callback: (rtt: number) => void): void;
  /** Sends changed settings. */
  updateSettings(settings: Partial<Pick<Settings, "maxConcurrentStreams">>): void;

  /**
   * Goes in peace. A server says GOAWAY in two steps (RFC 9113, section 6.8: the last id 2^31-1 and a PING, and when that is
   * answered, or after a second, the true last id), so that no call is lost that was on its way; a client says it once. When the last stream is over,
   * `onClose` is called without an error.
   */
  shutdown(debug?: string): void;
  /** GOAWAY with this code, resets every stream (`connection`), then `onClose`. The driver writes what {@link take} gives and closes. */
  close(code?: number, debug?: string): void;
}

/** The client's side. */
export interface ClientConnection extends Connection {
  /** Streams that may be opened now: the peer's limit less what is open; 0 once either side said GOAWAY or ids ran out. */
  readonly availableStreams: number;
  /**
   * Opens a stream; its HEADERS are written at once. @throws RangeError where {@link availableStreams} is 0: ask before.
   */
  request(headers: HeaderList, endStream: boolean, handler: StreamHandler): Stream;
}

/** The server's side. */
export interface ServerConnection extends Connection {
  /** The highest stream id that was given to `onStream`. */
  readonly lastStreamId: number;
}

/** What a connection tells its user. Methods must not throw. */
export interface ConnectionHandler {
  /** Something is to be taken, where nothing was before. Called once until the next {@link Connection.take}: the driver schedules a write. */
  onOutput(): void;
  /**
   * So much is to be taken that it had better go out within this turn: the peer can work on it meanwhile. A driver may write now, or
   * leave it to the turn's end. Only while frames are whole: `take` gives all there is.
   */
  onMuchOutput?(): void;
  /** The peer's SETTINGS came, the first or further ones; `connection.peerSettings` has them. */
  onSettings?(): void;
  /** Streams may be opened again, after `availableStreams` was 0. */
  onAvailable?(): void;
  /** The peer said GOAWAY. Streams above `lastStreamId` hear `onReset(…, "unprocessed")` right after. */
  onGoaway?(lastStreamId: number, code: number, debug: string): void;
  /** The peer sent a PING (already answered). For the enforcement of keepalive rules. */
  onPing?(): void;
  /** The last open stream is over. */
  onIdle?(): void;
  /**
   * The connection is over, once and last. Without an error: after {@link Connection.shutdown} or the peer's GOAWAY NO_ERROR, when nothing is open
   * any more. The driver writes what is left to take, then closes the byte stream, always.
   */
  onClose(error: ConnectionError | undefined): void;
}

/** What a server's connection tells its user. */
export interface ServerConnectionHandler extends ConnectionHandler {
  /**
   * A request came; its list is valid by RFC 9113, section 8.3.1. Returns the listener of the stream. `endStream`: no body follows.
   * Where the list was over our limit it is empty and `tooLarge` is its size: answer and be done.
   */
  onStream(stream: Stream, headers: HeaderList, endStream: boolean, tooLarge: number): StreamHandler;
}
