import type { EngineStream } from "../streams/engine-stream.js";
import type { SendQueue } from "../streams/send-queue.js";

/** Streams that have something to send and a window to send it, in the order of their turns. */
export class SendRing {
  #first: EngineStream | undefined;
  #last: SendQueue<EngineStream> | undefined;

  get empty(): boolean {
    return this.#first === undefined;
  }

  push(stream: EngineStream, queue: SendQueue<EngineStream>): void {
    queue.scheduled = true;
    if (this.#last === undefined) this.#first = stream;
    else this.#last.next = stream;
    this.#last = queue;
  }

  shift(): EngineStream | undefined {
    const stream = this.#first;
    if (stream === undefined) return undefined;
    const queue = stream.queue!;
    this.#first = queue.next;
    if (this.#first === undefined) this.#last = undefined;
    queue.next = undefined;
    queue.scheduled = false;
    return stream;
  }
}
