import { isObservable, type Observable } from "rxjs";
import type { MessageSender } from "../call/message-types.js";
import type { ServerCall } from "../call/server/types.js";
import { ignore } from "../core/deferred.js";
import { RpcError } from "../core/rpc-error.js";
import { status } from "../core/status.js";
import { whenCancelled } from "./call.js";
import { errorOfFilter, errorOfIterable } from "./errors.js";
import { isIterable } from "./is-iterable.js";

/** A stream of responses on its way. */
export class ResponseStream<OutInit> {
  readonly #call: ServerCall & MessageSender<OutInit>;
  readonly #limit: number;
  #waiting = 0;
  #room: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined;

  /** @param limit how many responses may wait for the client to take them; one more ends the call with RESOURCE_EXHAUSTED */
  constructor(call: ServerCall & MessageSender<OutInit>, limit: number) {
    this.#call = call;
    this.#limit = limit;
  }

  /** Undefined where no response waits to be sent, else what resolves once none does. Never rejects. */
  readonly room = (): Promise<void> | undefined => {
    if (this.#waiting === 0) return undefined;
    if (this.#room === undefined) {
      let resolve!: () => void;
      const promise = new Promise<void>((settle) => {
        resolve = settle;
      });
      this.#room = { promise, resolve };
    }
    return this.#room.promise;
  };

  /** Sends what a handler gave: an observable, an iterable, or one message. Resolves once all of it is sent. */
  async send(outcome: unknown): Promise<void> {
    if (isObservable(outcome))
      await this.#sendAll(outcome as Observable<OutInit>); // the codec checks what it emits
    else if (outcome !== undefined) await this.#sendOne(outcome);
  }

  /** One value that was emitted: a message, or an iterable of messages that an interceptor passed on. */
  async #sendOne(value: unknown): Promise<void> {
    const awaited = await value;
    if (isIterable(awaited)) await this.#sendIterable(awaited);
    else await this.#call.send(awaited as OutInit); // the codec checks it
  }

  async #sendIterable(values: Iterable<unknown> | AsyncIterable<unknown>): Promise<void> {
    try {
      await this.#call.sendAll(values as AsyncIterable<OutInit>); // the codec checks what it yields
    } catch (error) {
      throw errorOfIterable(error);
    }
  }

  #sendAll(source: Observable<OutInit>): Promise<void> {
    const { signal } = this.#call;
    return new Promise((resolve, reject) => {
      // Iterables and promises among the values keep their place: what comes after one waits for it.
      let last: Promise<void> | undefined;
      const sentInTurn = (value: unknown): Promise<void> => {
        last = (last ?? Promise.resolve()).then(() => this.#sendOne(value));
        return last;
      };
      const end = (settle: () => void): void => {
        stopListening();
        if (last === undefined) settle();
        else last.then(settle, reject);
      };
      const stopListening = whenCancelled(signal, () => {
        subscription.unsubscribe();
        resolve();
      });
      const fail = (error: unknown): void => {
        reject(error);
        // An observable may emit before `subscription` is there.
        queueMicrotask(() => {
          subscription.unsubscribe();
          stopListening();
        });
      };
      const subscription = source.subscribe({
        next: (value) => {
          if (this.#waiting >= this.#limit) {
            fail(this.#tooMany());
            return;
          }
          this.#waiting++;
          const sent = last === undefined && isMessage(value) ? this.#call.send(value) : sentInTurn(value);
          sent.then(this.#sent, (error: unknown) => {
            this.#sent();
            fail(error);
          });
        },
        error: (error) => end(() => reject(errorOfFilter(error))),
        complete: () => end(resolve),
      });
      if (signal.aborted) subscription.unsubscribe();
    });
  }

  readonly #sent = (): void => {
    if (--this.#waiting > 0) return;
    this.#room?.resolve();
    this.#room = undefined;
  };

  #tooMany(): RpcError {
    const details = `${this.#limit} responses wait for the client to take them (maxWaitingResponses)`;
    return new RpcError(status.RESOURCE_EXHAUSTED, details, { method: this.#call.method.path });
  }
}

/**
 * The one response that a handler gave. Of an observable it is the first value for a unary call, which is not unsubscribed after
 * it, and the last one where requests stream: both as on Nest's transport. None is `undefined`.
 */
export async function oneResponse(outcome: unknown, which: "first" | "last", call: ServerCall): Promise<unknown> {
  if (!isObservable(outcome)) return outcome;
  const { signal } = call;
  return await new Promise((resolve, reject) => {
    let last: unknown;
    let stopListening = ignore; // an observable may end before it is listened for
    const subscription = outcome.subscribe({
      next: (value) => {
        if (which === "first") resolve(value);
        else last = value;
      },
      error: (error) => {
        stopListening();
        reject(errorOfFilter(error));
      },
      complete: () => {
        stopListening();
        resolve(last);
      },
    });
    if (subscription.closed) return;
    stopListening = whenCancelled(signal, () => {
      subscription.unsubscribe();
      reject(signal.reason);
    });
  });
}

/** A message is neither a promise nor an iterable. */
function isMessage(value: unknown): boolean {
  return typeof value === "object" && value !== null && !("then" in value) && !isIterable(value);
}
