import type { Environment, TimerHandle } from "../environment.js";
import * as ErrorCode from "../error-code.js";
import { peerFault } from "../errors.js";
import { CLIENT_PREFACE, MAX_31_BIT } from "../frames/constants.js";
import * as FrameType from "../frames/frame-type.js";
import { requestFault } from "../headers/index.js";
import { HeadersMemo } from "../headers-memo.js";
import type { DecodedHeaders } from "../hpack/index.js";
import type { ConnectionOptions } from "../options.js";
import { EngineStream } from "../streams/engine-stream.js";
import type { HeaderList, StreamHandler } from "../streams/stream.js";
import * as StreamState from "../streams/stream-state.js";
import { ConnectionBase } from "./base.js";
import type { ServerConnection, ServerConnectionHandler } from "./connection.js";
import { TrailersRule } from "./trailers-rule.js";

/** So long a client has for the answer to the PING of a GOAWAY in two steps. */
const GOAWAY_GRACE_MS = 1000;

/** The listener until `onStream` has returned. It is never called. */
const NOBODY: StreamHandler = {
  onHeaders() {},
  onHeadersTooLarge() {},
  onData() {},
  onEnd() {},
  onReset() {},
  onWritable() {},
};

/** The server's side of a connection. */
export class Http2ServerConnection extends ConnectionBase implements ServerConnection {
  readonly #handler: ServerConnectionHandler;
  readonly #requests: HeadersMemo;
  readonly #trailers = new TrailersRule();
  #prefaceRead = 0;
  /** What our last GOAWAY said; above it nothing is processed. */
  #lastAccepted = MAX_31_BIT;
  #shuttingDown = false;
  #goawayTimer: TimerHandle | undefined;

  constructor(handler: ServerConnectionHandler, environment: Environment, options: ConnectionOptions = {}) {
    super(handler, environment, options, false);
    this.#handler = handler;
    const rules = { extendedConnect: this.options.enableConnectProtocol };
    this.#requests = new HeadersMemo((headers) => requestFault(headers, rules));
    this.start();
  }

  get lastStreamId(): number {
    return this.lastPeerStreamId;
  }

  /** RFC 9113, section 6.8: first that no new streams are wanted, then, once the client must have heard it, which were the last. */
  shutdown(debug = ""): void {
    if (this.closed || this.#shuttingDown) return;
    this.#shuttingDown = true;
    this.writer.goaway(MAX_31_BIT, ErrorCode.NO_ERROR, debug);
    const second = () => this.#secondGoaway(debug);
    this.pings.send(second);
    this.#goawayTimer = this.environment.after(GOAWAY_GRACE_MS, second);
  }

  isIdle(streamId: number): boolean {
    return streamId % 2 === 0 || streamId > this.lastPeerStreamId;
  }

  override mayBeLate(streamId: number): boolean {
    return streamId > this.#lastAccepted || super.mayBeLate(streamId);
  }

  /** RFC 9113, section 3.4 */
  protected preface(bytes: Uint8Array): number {
    let at = 0;
    while (this.#prefaceRead < CLIENT_PREFACE.length && at < bytes.length) {
      if (bytes[at++] !== CLIENT_PREFACE[this.#prefaceRead++]) {
        throw peerFault(ErrorCode.PROTOCOL_ERROR, "the client does not speak HTTP/2");
      }
    }
    return at;
  }

  /** @internal */
  newStream(streamId: number, decoded: DecodedHeaders, endStream: boolean, faulty: boolean): void {
    if (streamId % 2 === 0 || streamId <= this.lastPeerStreamId) {
      this.#oldStream(streamId, endStream);
      return;
    }
    if (this.output.unsent > this.options.maxOutputBytes + this.options.limits.maxWriteBacklog) {
      throw peerFault(ErrorCode.ENHANCE_YOUR_CALM, "answers pile up that the client does not read");
    }
    this.lastPeerStreamId = streamId;
    // The client has not heard our last GOAWAY yet; by it, it knows that this stream is not processed.
    if (streamId > this.#lastAccepted) return;
    const stream = new EngineStream(
      streamId,
      this,
      NOBODY,
      this.peerSettings.initialWindowSize,
      this.settings.receiveWindow,
    );
    this.streams.add(stream);
    stream.state = StreamState.RECEIVED_HEADERS | (endStream ? StreamState.RECEIVED_END : 0);
    if (this.streams.size > this.localSettings.maxConcurrentStreams) {
      // RFC 9113, section 5.1.2
      this.streams.fail(stream, ErrorCode.REFUSED_STREAM, "more streams than were allowed");
    } else if (decoded.tooLarge) {
      stream.handler = this.#handler.onStream(stream, [], endStream, decoded.size);
    } else {
      const fault = faulty ? "a stream that depends on itself" : this.#requests.fault(decoded.headers);
      if (fault !== undefined) this.streams.fail(stream, ErrorCode.PROTOCOL_ERROR, fault);
      else this.#accept(stream, this.#requests.list, endStream);
    }
  }

  /** @internal Trailers: the only headers that may follow (RFC 9113, section 8.1). */
  moreHeaders(stream: EngineStream, decoded: DecodedHeaders, endStream: boolean): void {
    if (decoded.tooLarge) {
      if (endStream) stream.state |= StreamState.RECEIVED_END;
      stream.handler.onHeadersTooLarge(decoded.size, this.localSettings.maxHeaderListSize, endStream);
    } else {
      const fault = this.#trailers.fault(stream, decoded.headers, endStream);
      if (fault !== undefined) {
        this.streams.fail(stream, ErrorCode.PROTOCOL_ERROR, fault);
        return;
      }
      stream.state |= StreamState.RECEIVED_END;
      stream.handler.onHeaders(decoded.headers, true);
    }
    if (endStream) this.streams.receivedEnd(stream);
  }

  /** @internal */
  streamsChanged(): void {}

  /** @internal */
  wentAway(): void {
    this.finishIfIdle();
  }

  protected override ended(): void {
    if (this.#goawayTimer !== undefined) this.environment.cancel(this.#goawayTimer);
    this.#goawayTimer = undefined;
  }

  #accept(stream: EngineStream, headers: HeaderList, endStream: boolean): void {
    const length = this.#requests.contentLength;
    if (endStream && length > 0) {
      // RFC 9113, section 8.1.1
      this.streams.fail(stream, ErrorCode.PROTOCOL_ERROR, "less data than content-length says");
      return;
    }
    stream.contentLeft = length;
    const handler = this.#handler.onStream(stream, headers, endStream, 0);
    if (!stream.closed) stream.handler = handler;
    else if (this.closed) handler.onReset(ErrorCode.NO_ERROR, "connection");
  }

  /** HEADERS on a stream that is over (RFC 9113, section 5.1, "closed") or with an id that is none of a client's (5.1.1). */
  #oldStream(streamId: number, endStream: boolean): void {
    this.strayFrame(FrameType.HEADERS, streamId);
    if (this.streams.recentlyReset.has(streamId)) {
      if (endStream) this.streams.recentlyReset.remove(streamId);
    } else if (!this.mayBeLate(streamId)) {
      throw peerFault(ErrorCode.STREAM_CLOSED, "HEADERS on a stream that is closed");
    }
  }

  #secondGoaway(debug: string): void {
    if (this.closed || this.#lastAccepted !== MAX_31_BIT) return;
    this.ended();
    this.#lastAccepted = this.lastPeerStreamId;
    this.goingAway = true;
    this.writer.goaway(this.#lastAccepted, ErrorCode.NO_ERROR, debug);
    this.finishIfIdle();
  }
}
