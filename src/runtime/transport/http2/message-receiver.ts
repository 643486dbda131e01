import type { Http2Stream } from "node:http2";
import type { Codec } from "../../core/codec.js";
import { MessageReader } from "../../wire/message-reader.js";
import { WireError } from "../../wire/wire-error.js";
import type { Compression } from "../transport.js";

/** What a receiver tells its call. */
export interface ReceiverEvents<Message> {
  /** So many bytes came in, for whoever counts. */
  onBytes(bytes: number): void;
  onMessages(batch: Message[]): void;
  /** The peer broke the protocol or a limit; nothing is read behind that. */
  onFault(fault: WireError): void;
}

const RECEIVER: unique symbol = Symbol("receiver");

interface Received extends Http2Stream {
  [RECEIVER]?: { onData(chunk: Buffer): void } | undefined;
}

/** The receiving half of a call: every read of the stream becomes one batch of messages. */
export class MessageReceiver<Message> {
  readonly #reader: MessageReader<Message>;
  readonly #events: ReceiverEvents<Message>;
  #stream: Received | undefined;
  #paused = false;
  #stopped = false;

  constructor(codec: Codec<Message, never>, limit: number, events: ReceiverEvents<Message>) {
    this.#reader = new MessageReader(codec, limit);
    this.#events = events;
  }

  /** What the peer's `grpc-encoding` says. */
  set encoding(encoding: Compression) {
    this.#reader.encoding = encoding;
  }

  /** Whether a message has begun that has not ended. */
  get truncated(): boolean {
    return this.#reader.truncated;
  }

  /** Begins to read, unless it is paused. */
  begin(stream: Received): void {
    this.#stream = stream;
    stream[RECEIVER] = this;
    stream.on("data", onData);
    if (this.#paused) stream.pause();
  }

  pause(): void {
    this.#paused = true;
    if (!this.#stopped) this.#stream?.pause();
  }

  resume(): void {
    this.#paused = false;
    if (!this.#stopped) this.#stream?.resume();
  }

  /** Delivers what arrived while paused: it comes before the status (P3). */
  drain(): void {
    const stream = this.#stream;
    if (stream === undefined || stream.readableLength === 0) return;
    stream[RECEIVER] = undefined;
    for (let chunk = stream.read(); chunk !== null; chunk = stream.read()) this.#read(chunk);
  }

  /** Reads on without listening: what nobody reads would keep the stream open, and with it the session. */
  stop(): void {
    this.#stopped = true;
    const stream = this.#stream;
    if (stream === undefined) return;
    stream[RECEIVER] = undefined;
    stream.resume();
  }

  /** @internal Called by the stream. */
  onData(chunk: Buffer): void {
    if (!this.#stopped) this.#read(chunk);
  }

  #read(chunk: Buffer): void {
    this.#events.onBytes(chunk.length);
    const batch: Message[] = [];
    let fault: WireError | undefined;
    try {
      this.#reader.read(chunk, batch);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      fault = error;
    }
    if (batch.length > 0) this.#events.onMessages(batch);
    if (fault !== undefined) this.#events.onFault(fault);
  }
}

/** One function for all streams; why is said at `hearClientStream`. */
function onData(this: Received, chunk: Buffer): void {
  this[RECEIVER]?.onData(chunk);
}
