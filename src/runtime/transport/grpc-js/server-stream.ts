import type { sendUnaryData } from "@grpc/grpc-js";
import { monotonicOf } from "../../core/clock.js";
import type { Metadata } from "../../core/metadata.js";
import type { AnyMethod, Method } from "../../core/method.js";
import { type StatusObject, statusObject } from "../../core/rpc-error.js";
import { status as Status } from "../../core/status.js";
import { soon } from "../../core/turn.js";
import { codeOfClientReset } from "../../wire/deadline-code.js";
import type { CallConnection, ServerListener, ServerStream } from "../transport.js";
import { BufferSink } from "./buffer-sink.js";
import { connectionOf } from "./connection.js";
import type { ReadableCall, SurfaceCall, WritableCall } from "./grpc-js-calls.js";
import { afterTrueEnd } from "./half-close.js";
import { checkHeaderSize } from "./header-limit.js";
import { fromGrpcJs, toGrpcJs } from "./metadata.js";
import { ReceivedBuffers } from "./received-buffers.js";
import { sendableStatus } from "./sendable-status.js";
import { WriteWindow } from "./write-window.js";

/** Bytes that may wait in grpc-js before `write` returns false. */
const HIGH_WATER_MARK = 160 * 1024;

const sink = new BufferSink();

/** A method as the serving side needs it. */
type ServedMethod<In, OutInit> = Method<AnyMethod["kind"], In, never, unknown, OutInit>;

/**
 * An incoming call over grpc-js's own call objects, by their events: never by `for await`, which destroys them.
 * Whether a response goes by the stream or by a callback depends on the kind of the method.
 */
export class GrpcJsServerStream<In, OutInit> implements ServerStream<In, OutInit> {
  readonly path: string;
  readonly metadata: Metadata;
  readonly deadline: number;
  readonly #call: SurfaceCall;
  readonly #method: ServedMethod<In, OutInit>;
  readonly received: ReceivedBuffers<In>;
  #listener: ServerListener | undefined;
  #writable: WritableCall | undefined;
  #window: WriteWindow | undefined;
  #respond: sendUnaryData<Buffer> | undefined;
  #response: Buffer | undefined;
  #over = false;

  constructor(call: SurfaceCall, method: ServedMethod<In, OutInit>) {
    this.#call = call;
    this.#method = method;
    this.path = method.path;
    this.metadata = fromGrpcJs(call.metadata);
    this.deadline = monotonicOf(Number(call.getDeadline()));
    this.received = new ReceivedBuffers(method.request);
    call.on("cancelled", () => this.#cancelled());
  }

  get peer(): string {
    return this.#call.getPeer();
  }

  get connection(): CallConnection {
    return connectionOf(this.peer, this.#call.getHost(), this.#call.getAuthContext());
  }

  /** The response goes to grpc-js's callback. */
  respondWith(respond: sendUnaryData<Buffer>): this {
    this.#respond = respond;
    return this;
  }

  /** The responses go to the stream. */
  writeTo(call: WritableCall): this {
    this.#writable = call;
    this.#window = new WriteWindow(HIGH_WATER_MARK, () => {
      if (!this.#over) this.#listener?.onDrain();
    });
    return this;
  }

  /** The request was complete before the call got here. */
  serveRequest(request: Buffer, listener: ServerListener): void {
    this.#listener = listener;
    this.received.add(request);
    soon(() => {
      if (!this.#over) listener.onReadable();
      if (!this.#over) listener.onHalfClose();
    });
  }

  /** The requests come by the stream. */
  serveRequests(call: ReadableCall, listener: ServerListener): void {
    this.#listener = listener;
    this.received.stream = call;
    if (this.#over) return;
    call.on("data", (message: Buffer) => {
      this.received.add(message);
      if (!this.#over) listener.onReadable();
    });
    call.on("end", () => {
      afterTrueEnd(this.metadata, () => {
        if (!this.#over) listener.onHalfClose();
      });
    });
  }

  sendHeader(header: Metadata): void {
    if (this.#over) return;
    checkHeaderSize(header, "headers of the answer");
    this.#call.sendMetadata(toGrpcJs(header));
  }

  write(message: OutInit): boolean {
    if (this.#over) return true;
    const bytes = sink.encode(this.#method.response, message);
    if (this.#writable === undefined || this.#window === undefined) {
      this.#response = bytes;
      return true;
    }
    this.#writable.write(bytes, this.#window.written);
    return this.#window.add(bytes.length);
  }

  finish(status: StatusObject): void {
    if (this.#over) return;
    this.#over = true;
    const final = sendableStatus(status);
    if (this.#respond !== undefined) {
      if (final.code === Status.OK) this.#respond(null, this.#response, final.metadata);
      else this.#respond(final);
    } else if (this.#writable !== undefined) {
      if (final.code === Status.OK) this.#writable.end(final.metadata);
      else this.#writable.emit("error", final); // grpc-js's way to end a stream with a status
    }
    this.received.drop();
  }

  /** grpc-js has limits of its own. */
  handlerDone(): void {}

  #cancelled(): void {
    if (this.#over) return;
    this.#over = true;
    const code = codeOfClientReset(this.deadline);
    const cancelled = "the client cancelled the call, or its connection was lost";
    const details = code === Status.DEADLINE_EXCEEDED ? "the deadline has passed" : cancelled;
    this.#listener?.onCancel(statusObject(code, details));
  }
}
