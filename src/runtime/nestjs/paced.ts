import { AsyncLocalStorage } from "node:async_hooks";
import { Observable } from "rxjs";
import { isIterable } from "./is-iterable.js";

/** What the responses of a call say of themselves: what to wait for before the next, or undefined. */
type Room = () => Promise<void> | undefined;

/** The call whose handler runs: a method that has `@Payload()` parameters is not given its call. */
const current = new AsyncLocalStorage<Room>();

/** Runs a handler, and what sends its responses (interceptors run it then), so that the iterable it returns can be {@link paced}. */
export function pacing<Result>(room: Room, run: () => Result): Result {
  return current.run(room, run);
}

/** An iterable, or a promise of one, as an observable that emits as fast as the client of the current call takes it; all else as it is. */
export function paced(outcome: unknown): unknown {
  const room = current.getStore() ?? none;
  if (outcome instanceof Promise) return outcome.then((value: unknown) => observed(value, room));
  return observed(outcome, room);
}

function none(): undefined {}

function observed(value: unknown, room: Room): unknown {
  if (value instanceof Observable || !isIterable(value)) return value;
  return new Observable<unknown>((subscriber) => {
    const iterator = Symbol.asyncIterator in value ? value[Symbol.asyncIterator]() : value[Symbol.iterator]();
    const pull = async (): Promise<void> => {
      try {
        while (!subscriber.closed) {
          await room();
          if (subscriber.closed) return;
          const next = await iterator.next();
          if (next.done === true) subscriber.complete();
          else subscriber.next(next.value);
        }
      } catch (error) {
        subscriber.error(error);
      }
    };
    void pull();
    // Leaves the loop of a generator, whose `finally` runs then. What it throws is dropped: there is no subscriber any more.
    return () => void Promise.resolve(iterator.return?.()).catch(none);
  });
}
