import type { sendUnaryData } from "@grpc/grpc-js";
import { Metadata, status as Status } from "../../core/metadata.js";
import type { AnyMethod } from "../../core/method.js";
import type { StatusObject } from "../../core/rpc-error.js";
import { afterTrueEnd } from "../../wire/half-close.js";
import { resetCode } from "../../wire/reset-code.js";
import type { ServerListener, ServerStream } from "../transport.js";
import { BufferSink } from "./buffer-sink.js";
import { DecodeFailure, type ReadableCall, type SurfaceCall, type WritableCall } from "./grpc-js-calls.js";
import { ReadAhead } from "./read-ahead.js";
import { sendableStatus } from "./sendable-status.js";
import { WriteWindow } from "./write-window.js";

/** Bytes that may wait in grpc-js before `write` returns false. */
const HIGH_WATER_MARK = 160 * 1024;

const sink = new BufferSink();

/**
 * An incoming call over grpc-js's own call objects, by their events: never by `for await`, which destroys them.
 * Whether a response goes by the stream or by a callback depends on the kind of the method.
 */
export class GrpcJsServerStream<OutInit> implements ServerStream<OutInit> {
  readonly path: string;
  readonly metadata: Metadata;
  readonly deadline: number;
  readonly #call: SurfaceCall;
  readonly #method: AnyMethod;
  #listener: ServerListener<unknown> | undefined;
  #writable: WritableCall | undefined;
  #window: WriteWindow | undefined;
  #respond: sendUnaryData<Buffer> | undefined;
  #response: Buffer | undefined;
  #reading: ReadAhead | undefined;
  #over = false;

  constructor(call: SurfaceCall, method: AnyMethod) {
    this.#call = call;
    this.#method = method;
    this.path = method.path;
    this.metadata = call.metadata;
    this.deadline = Number(call.getDeadline());
    call.on("cancelled", () => this.#cancelled());
  }

  get peer(): string {
    return this.#call.getPeer();
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
  serveRequest(request: unknown, listener: ServerListener<unknown>): void {
    this.#listener = listener;
    process.nextTick(() => {
      if (this.#over) return;
      if (request instanceof DecodeFailure) return this.#malformed(request);
      listener.onMessages([request]);
      listener.onHalfClose();
    });
  }

  /** The requests come by the stream. */
  serveRequests(call: ReadableCall, lastSize: () => number, listener: ServerListener<unknown>): void {
    this.#listener = listener;
    if (this.#over) return;
    this.#reading ??= new ReadAhead(call);
    const reading = this.#reading;
    call.on("data", (message: unknown) => {
      if (this.#over) return;
      if (message instanceof DecodeFailure) return this.#malformed(message);
      reading.count(lastSize());
      listener.onMessages([message]);
    });
    call.on("end", () => {
      afterTrueEnd(this.metadata, () => {
        if (!this.#over) listener.onHalfClose();
      });
    });
  }

  sendHeader(header: Metadata): void {
    if (!this.#over) this.#call.sendMetadata(header);
  }

  write(message: OutInit): boolean {
    if (this.#over) return true;
    const bytes = sink.encode(this.#method.response, message as never); // the method is that of this stream
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
    this.#reading?.resume();
  }

  pause(): void {
    this.#reading?.pause();
  }

  resume(): void {
    this.#reading?.resume();
  }

  #malformed(failure: DecodeFailure): void {
    const status = {
      code: Status.INTERNAL,
      details: `the request is not a ${this.#method.request.typeName}: ${failure.message}`,
      metadata: new Metadata(),
    };
    const listener = this.#listener;
    this.finish(status);
    listener?.onCancel(status);
  }

  #cancelled(): void {
    if (this.#over) return;
    this.#over = true;
    const code = resetCode(this.deadline);
    const cancelled = "the client cancelled the call, or its connection was lost";
    this.#listener?.onCancel({
      code,
      details: code === Status.DEADLINE_EXCEEDED ? "the deadline has passed" : cancelled,
      metadata: new Metadata(),
    });
  }
}
