import type {
  Client,
  ClientDuplexStream,
  ClientReadableStream,
  ClientUnaryCall,
  ClientWritableStream,
  CallOptions as GrpcCallOptions,
  Metadata as GrpcMetadata,
} from "@grpc/grpc-js";
import { Metadata, status as Status } from "../../core/metadata.js";
import type { AnyMethod, Method } from "../../core/method.js";
import { normalStatus, type StatusObject } from "../../core/rpc-error.js";
import { codeAtDeadline } from "../../wire/at-deadline.js";
import type { ClientListener, ClientStream, StartOptions } from "../transport.js";
import { asIs, BufferSink } from "./buffer-sink.js";
import { ReadAhead } from "./read-ahead.js";
import { WriteWindow } from "./write-window.js";

type ClientMethod<Out, InInit> = Method<AnyMethod["kind"], unknown, InInit, Out, never>;
type Emitter<Out> =
  | ClientUnaryCall
  | ClientReadableStream<Out>
  | ClientWritableStream<Buffer>
  | ClientDuplexStream<Buffer, Out>;

/** One sink for all calls: a message is encoded in one go. */
const sink = new BufferSink();

/**
 * A call over grpc-js's own call objects, by their events. Methods with one request start when it is written, as
 * grpc-js takes it together with the start; all others start at once.
 */
export class GrpcJsClientStream<Out, InInit> implements ClientStream<InInit> {
  readonly #client: Client;
  readonly #method: ClientMethod<Out, InInit>;
  readonly #options: StartOptions;
  readonly #listener: ClientListener<Out>;
  readonly #onOver: (stream: GrpcJsClientStream<Out, InInit>) => void;
  #call: Emitter<Out> | undefined;
  #writable: ClientWritableStream<Buffer> | ClientDuplexStream<Buffer, Out> | undefined;
  #window: WriteWindow | undefined;
  #reading: ReadAhead | undefined;
  #lastSize = 0;
  #response: { readonly value: Out } | undefined;
  /** How our side ended it: told instead of grpc-js's words for the same. */
  #ended: StatusObject | undefined;
  #over = false;

  constructor(
    client: Client,
    method: ClientMethod<Out, InInit>,
    options: StartOptions,
    listener: ClientListener<Out>,
    onOver: (stream: GrpcJsClientStream<Out, InInit>) => void,
  ) {
    this.#client = client;
    this.#method = method;
    this.#options = options;
    this.#listener = listener;
    this.#onOver = onOver;
  }

  get peer(): string {
    return this.#call?.getPeer() ?? "unknown";
  }

  /** Starts the call, where it need not wait for its request. */
  begin(): void {
    const { kind } = this.#method;
    if (kind === "client_streaming")
      this.#try((client, path, metadata, options) => this.#startWriter(client, path, metadata, options));
    else if (kind === "bidi_streaming")
      this.#try((client, path, metadata, options) => this.#startDuplex(client, path, metadata, options));
  }

  write(message: InInit): boolean {
    if (this.#over) return true;
    const bytes = sink.encode(this.#method.request, message);
    if (this.#writable !== undefined && this.#window !== undefined) {
      if (this.#writable.writableEnded || this.#writable.destroyed) return true;
      this.#writable.write(bytes, this.#window.written);
      return this.#window.add(bytes.length);
    }
    if (this.#call === undefined && this.#ended === undefined) {
      this.#try((client, path, metadata, options) => {
        if (this.#method.kind === "unary") this.#startUnary(client, path, bytes, metadata, options);
        else this.#startReader(client, path, bytes, metadata, options);
      });
    }
    return true;
  }

  closeSend(): void {
    this.#writable?.end();
  }

  cancel(code: Status, details: string): void {
    if (this.#over) return;
    this.#ended ??= { code, details, metadata: new Metadata() };
    const ended = this.#ended;
    const call = this.#call;
    call?.cancel();
    // In the turn of its start grpc-js (1.14) reports the cancel and opens the stream all the same: nobody would end that.
    if (call !== undefined) setImmediate(() => call.cancel());
    // grpc-js need not confirm it: an interceptor may keep the status back, and a response too many is never read on.
    process.nextTick(() => this.#finish(ended));
  }

  pause(): void {
    this.#reading?.pause();
  }

  resume(): void {
    this.#reading?.resume();
  }

  #try(start: (client: Client, path: string, metadata: GrpcMetadata, options: GrpcCallOptions) => void): void {
    let { metadata } = this.#options;
    if (this.#options.waitForReady) {
      metadata = metadata.clone();
      metadata.setOptions({ ...metadata.getOptions(), waitForReady: true });
    }
    const options: GrpcCallOptions = Number.isFinite(this.#options.deadline)
      ? { deadline: this.#options.deadline }
      : {};
    try {
      start(this.#client, this.#method.path, metadata, options);
    } catch (cause) {
      // grpc-js throws where its channel is closed.
      const details = cause instanceof Error ? cause.message : String(cause);
      this.#ended ??= { code: Status.UNAVAILABLE, details, metadata: new Metadata() };
      process.nextTick(() => this.#finish(this.#ended as StatusObject)); // set above
    }
  }

  readonly #decode = (bytes: Buffer): Out => {
    this.#lastSize = bytes.length;
    return this.#method.response.decode(bytes);
  };

  #startUnary(client: Client, path: string, request: Buffer, metadata: GrpcMetadata, options: GrpcCallOptions): void {
    const call = client.makeUnaryRequest(path, asIs, this.#decode, request, metadata, options, this.#onResponse);
    this.#hear(call);
    call.on("status", (status) => this.#onSingleStatus(status));
  }

  #startWriter(client: Client, path: string, metadata: GrpcMetadata, options: GrpcCallOptions): void {
    const call = client.makeClientStreamRequest(path, asIs, this.#decode, metadata, options, this.#onResponse);
    this.#hear(call);
    this.#hearWrites(call);
    call.on("status", (status) => this.#onSingleStatus(status));
  }

  #startReader(client: Client, path: string, request: Buffer, metadata: GrpcMetadata, options: GrpcCallOptions): void {
    const call = client.makeServerStreamRequest(path, asIs, this.#decode, request, metadata, options);
    this.#hear(call);
    this.#hearReads(call);
  }

  #startDuplex(client: Client, path: string, metadata: GrpcMetadata, options: GrpcCallOptions): void {
    const call = client.makeBidiStreamRequest(path, asIs, this.#decode, metadata, options);
    this.#hear(call);
    this.#hearWrites(call);
    this.#hearReads(call);
  }

  #hear(call: Emitter<Out>): void {
    this.#call = call;
    call.on("metadata", (header: GrpcMetadata) => {
      if (!this.#over) this.#listener.onHeader(header);
    });
  }

  #hearWrites(call: ClientWritableStream<Buffer> | ClientDuplexStream<Buffer, Out>): void {
    this.#writable = call;
    this.#window = new WriteWindow(this.#options.highWaterMark, () => {
      if (!this.#over) this.#listener.onDrain();
    });
    call.on("error", ignoreError);
  }

  #hearReads(call: ClientReadableStream<Out> | ClientDuplexStream<Buffer, Out>): void {
    const reading = new ReadAhead(call);
    this.#reading = reading;
    call.on("error", ignoreError); // its status follows
    call.on("data", (message: Out) => {
      if (this.#over) return;
      reading.count(this.#lastSize);
      this.#listener.onMessages([message]);
    });
    // The status may come while the stream still holds messages: they go first, and 'end' after them.
    call.on("status", (status) => {
      const final = this.#ended ?? this.#statusOf(status);
      if (call.readableEnded || call.destroyed) return this.#finish(final);
      call.once("end", () => this.#finish(final));
      call.once("close", () => this.#finish(final));
      call.resume();
    });
  }

  readonly #onResponse = (error: unknown, value?: Out): void => {
    if (error === null && value !== undefined) this.#response = { value };
  };

  /** grpc-js gives the response to the callback, and the status (as it was sent) to the event after it. */
  #onSingleStatus(status: StatusObject): void {
    if (this.#over) return;
    if (this.#response !== undefined) this.#listener.onMessages([this.#response.value]);
    this.#finish(this.#ended ?? this.#statusOf(status));
  }

  #statusOf(given: StatusObject): StatusObject {
    const status = normalStatus(given);
    if (status.code === Status.OK) return status;
    // With trailers it is the server's own word.
    if (Object.keys(status.metadata.getMap()).length > 0) return status;
    return { ...status, code: codeAtDeadline(status.code, this.#options.deadline) };
  }

  #finish(status: StatusObject): void {
    if (this.#over) return;
    this.#over = true;
    this.#onOver(this);
    this.#listener.onStatus(status);
  }
}

function ignoreError(): void {}
