import type { CallSite } from "../../core/call-site.js";
import type { CalledMethod } from "../../core/method.js";
import type { StatusObject } from "../../core/rpc-error.js";
import type { ClientStream } from "../../transport/transport.js";
import { MessageIterator } from "../message-iterator.js";
import { ReceivingHalf } from "../receiving-half.js";
import { ClientCallCore } from "./call-core.js";
import type { CallOptions } from "./call-options.js";
import type { ClientCallParts, ErrorOfCall } from "./call-parts.js";

/** A call with a stream of responses, as its core and the object in the user's hands see it. */
export class ResponseStream<InInit, Out> implements ClientCallParts<InInit, Out> {
  readonly core: ClientCallCore<InInit, Out>;
  readonly #receiving: ReceivingHalf<Out>;

  constructor(method: CalledMethod<InInit, Out>, options: CallOptions, site: CallSite) {
    this.core = new ClientCallCore(method, options, this, site);
    this.#receiving = new ReceivingHalf(this.core);
  }

  get compressed(): boolean | undefined {
    return this.#receiving.compressed;
  }

  recv(): Promise<Out | undefined> {
    return this.#receiving.recv();
  }

  batches(): AsyncIterableIterator<Out[], undefined> {
    return new MessageIterator(this.#receiving.batches, this);
  }

  messages(): AsyncIterableIterator<Out, undefined> {
    return new MessageIterator(this.#receiving, this);
  }

  /** A `for await` was left before the end: the call is cancelled. */
  left(): void {
    this.core.cancel();
    this.#receiving.drop();
  }

  get isBehind(): boolean {
    return this.#receiving.hasMessages;
  }

  begun(stream: ClientStream<InInit, Out>): void {
    this.#receiving.source = stream.received;
  }

  onReadable(): void {
    this.#receiving.onReadable();
  }

  onDrain(): void {}

  judge(status: StatusObject): StatusObject {
    return status;
  }

  ended(error: ErrorOfCall | undefined, dropped: boolean): void {
    if (dropped) this.#receiving.drop();
    if (error === undefined) this.#receiving.end();
    else this.#receiving.fail(error);
  }
}
