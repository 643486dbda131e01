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

/** The receiving half of a call: every read of the stream becomes one batch of messages. */
export class MessageReceiver<Message> {
  readonly #reader: MessageReader<Message>;
  readonly #events: ReceiverEvents<Message>;
  #stream: Http2Stream | undefined;
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
  begin(stream: Http2Stream): void {
    this.#stream = stream;
    stream.on("data", this.#onData);
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
    stream.off("data", this.#onData);
    for (let chunk = stream.read(); chunk !== null; chunk = stream.read()) this.#read(chunk);
  }

  /** Reads on without listening: what nobody reads would keep the stream open, and with it the session. */
  stop(): void {
    this.#stopped = true;
    this.#stream?.off("data", this.#onData);
    this.#stream?.resume();
  }

  readonly #onData = (chunk: Buffer): void => {
    if (!this.#stopped) this.#read(chunk);
  };

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
