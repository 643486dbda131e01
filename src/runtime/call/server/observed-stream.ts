import type { Metadata } from "../../core/metadata.js";
import type { AnyMethod } from "../../core/method.js";
import type { StatusObject } from "../../core/rpc-error.js";
import type { CallConnection, MessageRun, ServerListener, ServerStream } from "../../transport/transport.js";
import type { EveryMember } from "../every-member.js";
import { CallEvents, CountedMessages } from "../observed-call.js";

/** Accepts a call whose start and end are reported on diagnostics channels. */
export function acceptObserved(
  stream: ServerStream<unknown, never>,
  method: AnyMethod,
  accept: (stream: ServerStream<unknown, never>) => ServerListener,
): ServerListener {
  const observed = new ObservedStream(stream, method);
  observed.listener = accept(observed);
  return observed;
}

/** Stands between a transport and a call, and tells of its start and its end. What is optional of a stream passes through too. */
class ObservedStream implements EveryMember<ServerStream<unknown, never>>, ServerListener {
  readonly received = new CountedMessages<unknown>();
  listener: ServerListener | undefined;
  readonly #stream: ServerStream<unknown, never>;
  readonly #events: CallEvents;

  constructor(stream: ServerStream<unknown, never>, method: AnyMethod) {
    this.#stream = stream;
    this.#events = new CallEvents("server", method, stream.peer);
    this.received.source = stream.received;
  }

  get path(): string {
    return this.#stream.path;
  }

  get metadata(): Metadata {
    return this.#stream.metadata;
  }

  get deadline(): number {
    return this.#stream.deadline;
  }

  get peer(): string {
    return this.#stream.peer;
  }

  get connection(): CallConnection | undefined {
    return this.#stream.connection;
  }

  sendHeader(header: Metadata): void {
    this.#stream.sendHeader(header);
  }

  write(message: never): boolean {
    const room = this.#stream.write(message);
    this.#events.sent++;
    return room;
  }

  writeRun(run: MessageRun<never>): boolean {
    return this.#events.writeRun(this.#stream, run);
  }

  finish(status: StatusObject): void {
    this.#events.end(status, this.peer, this.received.count);
    this.#stream.finish(status);
  }

  handlerDone(): void {
    this.#stream.handlerDone();
  }

  onReadable(): void {
    this.listener?.onReadable();
  }

  onHalfClose(): void {
    this.listener?.onHalfClose();
  }

  onDrain(): void {
    this.listener?.onDrain();
  }

  onCancel(status: StatusObject): void {
    this.#events.end(status, this.peer, this.received.count);
    this.listener?.onCancel(status);
  }
}
