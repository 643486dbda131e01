import { Observable, Subject } from "rxjs";
import type { MessageReceiver } from "../call/message-types.js";
import { nextTurn } from "../core/turn.js";

/**
 * The requests of a call, as handlers of `@GrpcStreamMethod` get them. Reading starts with the first subscriber, so that what
 * comes before (while guards run) is kept by flow control, not in memory. Later subscribers get what comes after. While nobody is
 * subscribed, nothing is read. As an async iterable it gives the same messages, each when it is asked for.
 *
 * A stream that does not come to its true end is an error (P6): cancelled, past its deadline, connection lost.
 */
export class RequestStream<In> extends Observable<In> implements AsyncIterable<In> {
  readonly #call: MessageReceiver<In>;
  readonly #room: () => Promise<void> | undefined;
  readonly #subject = new Subject<In>();
  #reading = false;
  /** The message that is asked for and not given to anyone yet. */
  #next: Promise<In | undefined> | undefined;

  /** @param room what to wait for before the next message is read: the responses that wait to be sent */
  constructor(call: MessageReceiver<In>, room: () => Promise<void> | undefined) {
    super((subscriber) => {
      const subscription = this.#subject.subscribe(subscriber);
      void this.#read();
      return subscription;
    });
    this.#call = call;
    this.#room = room;
  }

  /** The requests, as they come. Leaving the loop early cancels the call. */
  async *[Symbol.asyncIterator](): AsyncGenerator<In, void, undefined> {
    for (;;) {
      const next = this.#next ?? this.#call.recv();
      this.#next = undefined;
      const message = await next;
      if (message === undefined) return;
      yield message;
    }
  }

  async #read(): Promise<void> {
    if (this.#reading) return;
    this.#reading = true;
    try {
      // A handler may subscribe here before Nest has subscribed to what it returns, and answer through a Subject.
      await new Promise<void>((resolve) => nextTurn(resolve));
      while (this.#subject.observed) {
        await this.#room();
        this.#next ??= this.#call.recv();
        const next = this.#next;
        const message = await next;
        if (next !== this.#next) continue; // an iterator took it
        if (!this.#subject.observed) return; // the message is for whoever subscribes next
        this.#next = undefined;
        if (message === undefined) {
          this.#subject.complete();
          return;
        }
        this.#subject.next(message);
      }
    } catch (error) {
      ended.add(error as object); // an RpcError: recv rejects with nothing else
      this.#subject.error(error);
    } finally {
      this.#reading = false;
    }
  }
}

/** The errors with which streams of requests ended. */
const ended = new WeakSet<object>();

/** Whether it is with this error that a stream of requests ended. */
export function endedRequests(error: unknown): boolean {
  return typeof error === "object" && error !== null && ended.has(error);
}
