import type {
  Client,
  ClientDuplexStream,
  ClientReadableStream,
  ClientUnaryCall,
  ClientWritableStream,
  CallOptions as GrpcCallOptions,
  Metadata as GrpcMetadata,
  StatusObject as GrpcStatus,
} from "@grpc/grpc-js";
import { epochOf } from "../../core/clock.js";
import type { CalledMethod } from "../../core/method.js";
import { messageOf, normalStatus, RpcError, type StatusObject, statusObject } from "../../core/rpc-error.js";
import { status as Status } from "../../core/status.js";
import { nextTurn, soon } from "../../core/turn.js";
import { statusAtDeadline } from "../../wire/deadline-code.js";
import type { CallConnection, ClientListener, ClientStream, StartOptions } from "../transport.js";
import { asIs, BufferSink } from "./buffer-sink.js";
import { connectionOf } from "./connection.js";
import { checkHeaderSize } from "./header-limit.js";
import { fromGrpcJs, toGrpcJs } from "./metadata.js";
import { ReceivedBuffers } from "./received-buffers.js";
import { WriteWindow } from "./write-window.js";

type Emitter =
  | ClientUnaryCall
  | ClientReadableStream<Buffer>
  | ClientWritableStream<Buffer>
  | ClientDuplexStream<Buffer, Buffer>;

/** One sink for all calls: a message is encoded in one go. */
const sink = new BufferSink();

/**
 * A call over grpc-js's own call objects, by their events. Methods with one request start when it is written, as
 * grpc-js takes it together with the start; all others start at once.
 */
export class GrpcJsClientStream<Out, InInit> implements ClientStream<InInit, Out> {
  readonly #client: Client;
  readonly #method: CalledMethod<InInit, Out>;
  readonly #options: StartOptions;
  readonly #listener: ClientListener;
  readonly #onOver: (stream: GrpcJsClientStream<Out, InInit>) => void;
  #call: Emitter | undefined;
  #writable: ClientWritableStream<Buffer> | ClientDuplexStream<Buffer, Buffer> | undefined;
  #window: WriteWindow | undefined;
  readonly received: ReceivedBuffers<Out>;
  /** How our side ended it: told instead of grpc-js's words for the same. */
  #ended: StatusObject | undefined;
  #over = false;

  constructor(
    client: Client,
    method: CalledMethod<InInit, Out>,
    options: StartOptions,
    listener: ClientListener,
    onOver: (stream: GrpcJsClientStream<Out, InInit>) => void,
  ) {
    this.#client = client;
    this.#method = method;
    this.#options = options;
    this.#listener = listener;
    this.#onOver = onOver;
    this.received = new ReceivedBuffers(method.response);
  }

  get peer(): string {
    return this.#call?.getPeer() ?? "unknown";
  }

  get connection(): CallConnection | undefined {
    const { peer } = this;
    if (this.#call === undefined || peer === "unknown") return undefined;
    return connectionOf(peer, undefined, this.#call.getAuthContext());
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
    if (this.#over) return false; // the status is on its way, and who sends waits for it
    const bytes = sink.encode(this.#method.request, message);
    if (this.#writable !== undefined && this.#window !== undefined) {
      if (this.#writable.writableEnded || this.#writable.destroyed) return false; // as above
      this.#writable.write(bytes, this.#window.written);
      return this.#window.add(bytes.length);
    }
    if (this.#call === undefined && this.#ended === undefined) {
      this.#try((client, path, metadata, options) => {
        if (this.#method.kind === "unary") this.#startUnary(client, path, bytes, metadata, options);
        else this.#startReader(client, path, bytes, metadata, options);
      });
    }
    return this.#ended === undefined;
  }

  closeSend(): void {
    this.#writable?.end();
  }

  cancel(code: Status, details: string): void {
    if (this.#over) return;
    this.#ended ??= statusObject(code, details);
    const ended = this.#ended;
    const call = this.#call;
    call?.cancel();
    // In the turn in which a call starts, grpc-js (1.14) reports a cancel and still opens the stream, which would then never end.
    if (call !== undefined) nextTurn((started) => started.cancel(), call);
    // grpc-js need not confirm it: an interceptor may keep the status back, and a response too many is never read on.
    soon(() => this.#finish(ended));
  }

  #try(start: (client: Client, path: string, metadata: GrpcMetadata, options: GrpcCallOptions) => void): void {
    const { waitForReady, deadline } = this.#options;
    const metadata = toGrpcJs(this.#options.metadata, waitForReady ? { waitForReady } : {});
    const options: GrpcCallOptions = Number.isFinite(deadline) ? { deadline: epochOf(deadline) } : {};
    try {
      checkHeaderSize(this.#options.metadata, "headers of the request");
      start(this.#client, this.#method.path, metadata, options);
    } catch (cause) {
      // grpc-js throws where its channel is closed.
      this.#ended ??= cause instanceof RpcError ? cause : statusObject(Status.UNAVAILABLE, messageOf(cause));
      const ended = this.#ended;
      soon(() => this.#finish(ended));
    }
  }

  #startUnary(client: Client, path: string, request: Buffer, metadata: GrpcMetadata, options: GrpcCallOptions): void {
    const call = client.makeUnaryRequest(path, asIs, asIs, request, metadata, options, this.#onResponse);
    this.#hear(call);
    call.on("status", (status) => this.#onSingleStatus(status));
  }

  #startWriter(client: Client, path: string, metadata: GrpcMetadata, options: GrpcCallOptions): void {
    const call = client.makeClientStreamRequest(path, asIs, asIs, metadata, options, this.#onResponse);
    this.#hear(call);
    this.#hearWrites(call);
    call.on("status", (status) => this.#onSingleStatus(status));
  }

  #startReader(client: Client, path: string, request: Buffer, metadata: GrpcMetadata, options: GrpcCallOptions): void {
    const call = client.makeServerStreamRequest(path, asIs, asIs, request, metadata, options);
    this.#hear(call);
    this.#hearReads(call);
  }

  #startDuplex(client: Client, path: string, metadata: GrpcMetadata, options: GrpcCallOptions): void {
    const call = client.makeBidiStreamRequest(path, asIs, asIs, metadata, options);
    this.#hear(call);
    this.#hearWrites(call);
    this.#hearReads(call);
  }

  #hear(call: Emitter): void {
    this.#call = call;
    call.on("metadata", (header: GrpcMetadata) => {
      if (!this.#over) this.#listener.onHeader(fromGrpcJs(header));
    });
  }

  #hearWrites(call: ClientWritableStream<Buffer> | ClientDuplexStream<Buffer, Buffer>): void {
    this.#writable = call;
    this.#window = new WriteWindow(this.#options.highWaterMark, () => {
      if (!this.#over) this.#listener.onDrain();
    });
    call.on("error", ignoreError);
  }

  #hearReads(call: ClientReadableStream<Buffer> | ClientDuplexStream<Buffer, Buffer>): void {
    this.received.stream = call;
    call.on("error", ignoreError); // its status follows
    call.on("data", (message: Buffer) => {
      if (this.#over) return;
      this.received.add(message);
      this.#listener.onReadable();
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

  readonly #onResponse = (error: unknown, value?: Buffer): void => {
    if (error === null && value !== undefined) this.received.add(value);
  };

  /** grpc-js gives the response to the callback, and the status (as it was sent) to the event after it. */
  #onSingleStatus(status: GrpcStatus): void {
    if (this.#over) return;
    if (this.received.waiting > 0) this.#listener.onReadable();
    this.#finish(this.#ended ?? this.#statusOf(status));
  }

  #statusOf(given: GrpcStatus): StatusObject {
    const metadata = fromGrpcJs(given.metadata);
    const status = normalStatus({ code: given.code as Status, details: given.details, metadata }); // checked there
    // With trailers it is the server's own word.
    if (status.code === Status.OK || metadata.size > 0) return status;
    return statusAtDeadline(status, this.#options.deadline);
  }

  #finish(status: StatusObject): void {
    if (this.#over) return;
    this.#over = true;
    this.#onOver(this);
    this.#listener.onStatus(status);
  }
}

function ignoreError(): void {}
