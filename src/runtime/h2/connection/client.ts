import type { Environment } from "../environment.js";
import * as ErrorCode from "../error-code.js";
import { peerFault } from "../errors.js";
import { CLIENT_PREFACE, MAX_31_BIT } from "../frames/constants.js";
import * as FrameType from "../frames/frame-type.js";
import { responseFault } from "../headers/index.js";
import { HeadersMemo } from "../headers-memo.js";
import type { DecodedHeaders } from "../hpack/index.js";
import type { ConnectionOptions } from "../options.js";
import { EngineStream } from "../streams/engine-stream.js";
import type { HeaderList, Stream, StreamHandler } from "../streams/stream.js";
import * as StreamState from "../streams/stream-state.js";
import { ConnectionBase } from "./base.js";
import type { ClientConnection, ConnectionHandler } from "./connection.js";
import { TrailersRule } from "./trailers-rule.js";

/** The client's side of a connection. Its preface and SETTINGS wait to be taken from the start. */
export class Http2ClientConnection extends ConnectionBase implements ClientConnection {
  readonly #handler: ConnectionHandler;
  readonly #responses: HeadersMemo = new HeadersMemo(responseFault);
  readonly #trailers = new TrailersRule();
  #nextStreamId = 1;
  #full = false;

  constructor(handler: ConnectionHandler, environment: Environment, options: ConnectionOptions = {}) {
    super(handler, environment, options, true);
    this.#handler = handler;
    // RFC 9113, section 3.4
    this.writer.raw(CLIENT_PREFACE);
    this.start();
  }

  get availableStreams(): number {
    if (this.goingAway) return 0;
    return Math.max(0, this.peerSettings.maxConcurrentStreams - this.streams.size);
  }

  request(headers: HeaderList, endStream: boolean, handler: StreamHandler): Stream {
    if (this.availableStreams <= 0) throw new RangeError("no stream can be opened on this connection now");
    const id = this.#nextStreamId;
    const stream = new EngineStream(
      id,
      this,
      handler,
      this.peerSettings.initialWindowSize,
      this.settings.receiveWindow,
    );
    this.writer.headers(id, headers, endStream);
    this.#nextStreamId = id + 2;
    // RFC 9113, section 5.1.1: ids are not used again; this connection ends with its last stream.
    if (this.#nextStreamId > MAX_31_BIT) this.goingAway = true;
    this.streams.add(stream);
    if (endStream) stream.state |= StreamState.SENT_END;
    if (this.availableStreams <= 0) this.#full = true;
    return stream;
  }

  shutdown(_debug?: string): void {
    if (this.closed) return;
    this.goingAway = true;
    this.finishIfIdle();
  }

  isIdle(streamId: number): boolean {
    // Even ids would be pushed streams, which are disabled.
    return streamId % 2 === 0 || streamId >= this.#nextStreamId;
  }

  protected preface(): number {
    return 0;
  }

  /** @internal */
  newStream(streamId: number): void {
    this.strayFrame(FrameType.HEADERS, streamId);
    if (this.streams.recentlyReset.has(streamId) || this.mayBeLate(streamId)) return;
    throw peerFault(ErrorCode.STREAM_CLOSED, "HEADERS on a stream that is closed");
  }

  /** @internal */
  moreHeaders(stream: EngineStream, decoded: DecodedHeaders, endStream: boolean): void {
    const { headers, tooLarge, size } = decoded;
    const isTrailers = (stream.state & StreamState.RECEIVED_HEADERS) !== 0;
    if (tooLarge) {
      this.#tooLarge(stream, size, endStream);
      return;
    }
    const fault = isTrailers ? this.#trailers.fault(stream, headers, endStream) : this.#responses.fault(headers);
    const interim = fault === undefined && !isTrailers && isInterim(headers);
    // RFC 9113, section 8.1
    if (fault !== undefined || (interim && endStream)) {
      this.streams.fail(stream, ErrorCode.PROTOCOL_ERROR, fault ?? "an interim response that ends the stream");
      return;
    }
    if (!isTrailers && !interim) {
      stream.state |= StreamState.RECEIVED_HEADERS;
      stream.contentLeft = this.#responses.contentLength;
    }
    if (endStream) stream.state |= StreamState.RECEIVED_END;
    stream.handler.onHeaders(headers, endStream);
    if (endStream) this.streams.receivedEnd(stream);
  }

  /** @internal */
  streamsChanged(): void {
    if (!this.#full || this.availableStreams <= 0) return;
    this.#full = false;
    this.#handler.onAvailable?.();
  }

  /** @internal */
  wentAway(lastStreamId: number): void {
    // RFC 9113, section 6.8: what is above was not and will not be processed.
    for (const stream of [...this.streams.values()]) {
      if (stream.id > lastStreamId && !stream.closed)
        this.streams.drop(stream, ErrorCode.REFUSED_STREAM, "unprocessed");
    }
    this.finishIfIdle();
  }

  #tooLarge(stream: EngineStream, size: number, endStream: boolean): void {
    if (endStream) stream.state |= StreamState.RECEIVED_END;
    stream.handler.onHeadersTooLarge(size, this.localSettings.maxHeaderListSize, endStream);
    this.streams.reset(stream, ErrorCode.ENHANCE_YOUR_CALM);
  }
}

/** Whether a response is an interim one (RFC 9110, section 15.2). */
function isInterim(headers: HeaderList): boolean {
  return headers[1]!.charCodeAt(0) === 0x31;
}
