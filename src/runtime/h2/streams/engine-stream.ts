import type { ByteSink } from "../../core/codec.js";
import type { SendQueue } from "./send-queue.js";
import type { HeaderList, Release, Stream, StreamHandler } from "./stream.js";
import * as StreamState from "./stream-state.js";

const CANNOT_SEND = StreamState.SENT_END | StreamState.QUEUED_END | StreamState.CLOSED;

/** The connection, as its streams see it. */
export interface StreamOwner {
  readonly sender: {
    headers(stream: EngineStream, headers: HeaderList, endStream: boolean): void;
    begin(stream: EngineStream): ByteSink;
    end(stream: EngineStream, endStream: boolean): void;
    abandon(stream: EngineStream): void;
    data(stream: EngineStream, bytes: Uint8Array, endStream: boolean, release: Release | undefined): void;
    endStream(stream: EngineStream): void;
  };
  readonly receiver: { consumed(stream: EngineStream, bytes: number): void };
  readonly streams: { reset(stream: EngineStream, code: number): void };
}

/** A stream's state: few fields, since there may be ten thousand of them. What it can do is done by its connection's parts. */
export class EngineStream implements Stream {
  readonly id: number;
  /** @internal */
  readonly connection: StreamOwner;
  /** @internal */
  handler: StreamHandler;
  /** @internal */
  state = 0;
  /** @internal What the peer lets us send; below zero after it made its initial window smaller. */
  sendWindow: number;
  /** @internal What the peer may send. */
  receiveWindow: number;
  /** @internal What the receive window is when all is read. */
  windowSize: number;
  /** @internal Consumed, and not announced to the peer. */
  credit = 0;
  unreadBytes = 0;
  /** @internal What is missing of the announced content-length; -1 where none was announced. */
  contentLeft = -1;
  /** @internal */
  queue: SendQueue | undefined;

  constructor(id: number, connection: StreamOwner, handler: StreamHandler, sendWindow: number, windowSize: number) {
    this.id = id;
    this.connection = connection;
    this.handler = handler;
    this.sendWindow = sendWindow;
    this.receiveWindow = windowSize;
    this.windowSize = windowSize;
  }

  get closed(): boolean {
    return (this.state & StreamState.CLOSED) !== 0;
  }

  get writable(): boolean {
    return (this.state & CANNOT_SEND) === 0;
  }

  get queuedBytes(): number {
    return this.queue === undefined ? 0 : this.queue.count;
  }

  sendHeaders(headers: HeaderList, endStream: boolean): void {
    if (this.writable) this.connection.sender.headers(this, headers, endStream);
  }

  beginData(): ByteSink {
    return this.connection.sender.begin(this);
  }

  endData(endStream: boolean): void {
    this.connection.sender.end(this, endStream);
  }

  abandonData(): void {
    this.connection.sender.abandon(this);
  }

  sendData(bytes: Uint8Array, endStream: boolean, release?: Release): void {
    this.connection.sender.data(this, bytes, endStream, release);
  }

  end(): void {
    if (this.writable) this.connection.sender.endStream(this);
  }

  reset(code: number): void {
    this.connection.streams.reset(this, code);
  }

  consumed(bytes: number): void {
    this.connection.receiver.consumed(this, bytes);
  }

  setHandler(handler: StreamHandler): void {
    this.handler = handler;
  }
}
