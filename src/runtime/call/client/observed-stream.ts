import type { Metadata } from "../../core/metadata.js";
import type { CalledMethod } from "../../core/method.js";
import type { StatusObject } from "../../core/rpc-error.js";
import type { status } from "../../core/status.js";
import type {
  CallConnection,
  Channel,
  ClientListener,
  ClientStream,
  MessageRun,
  StartOptions,
} from "../../transport/transport.js";
import type { EveryMember } from "../every-member.js";
import { CallEvents, CountedMessages, isObserved } from "../observed-call.js";
import { streamStarter } from "./stream-starter.js";

/** Once this is loaded, the start and the end of calls are reported on diagnostics channels, where somebody listens. */
streamStarter.start = (channel, method, options, listener) =>
  isObserved() ? new ObservedStream(channel, method, options, listener) : channel.start(method, options, listener);

/** Stands between a call and its transport, and tells of its start and its end. What is optional of a stream passes through too. */
class ObservedStream<InInit, Out> implements EveryMember<ClientStream<InInit, Out>>, ClientListener {
  readonly received = new CountedMessages<Out>();
  readonly #stream: ClientStream<InInit, Out>;
  readonly #listener: ClientListener;
  readonly #events: CallEvents;

  constructor(channel: Channel, method: CalledMethod<InInit, Out>, options: StartOptions, listener: ClientListener) {
    this.#listener = listener;
    this.#events = new CallEvents("client", method, "unknown");
    this.#stream = channel.start(method, options, this);
    this.received.source = this.#stream.received;
  }

  get peer(): string {
    return this.#stream.peer;
  }

  get connection(): CallConnection | undefined {
    return this.#stream.connection;
  }

  write(message: InInit): boolean {
    const room = this.#stream.write(message);
    this.#events.sent++;
    return room;
  }

  writeRun(run: MessageRun<InInit>): boolean {
    return this.#events.writeRun(this.#stream, run);
  }

  closeSend(): void {
    this.#stream.closeSend();
  }

  cancel(code: status, details: string): void {
    this.#stream.cancel(code, details);
  }

  onHeader(header: Metadata): void {
    this.#listener.onHeader(header);
  }

  onReadable(): void {
    this.#listener.onReadable();
  }

  onDrain(): void {
    this.#listener.onDrain();
  }

  onStatus(status: StatusObject): void {
    this.#events.end(status, this.peer, this.received.count);
    this.#listener.onStatus(status);
  }
}
