import { Observable } from "rxjs";
import type { ClientCall } from "../call/client/types.js";

/**
 * The responses of a call as an observable: the call is made when somebody subscribes, once for each, and cancelled when they
 * unsubscribe. Emitting does not wait for subscribers (no back-pressure): where that matters, iterate over the call itself.
 *
 * @example
 * ```ts
 * observe(() => weather.watch({ name: "Oslo" })).pipe(take(3))
 * ```
 */
export function observe<Message>(
  start: () => AsyncIterable<Message> & Pick<ClientCall, "cancel">,
): Observable<Message> {
  return new Observable<Message>((subscriber) => {
    const call = start();
    const read = async (): Promise<void> => {
      for await (const message of call) subscriber.next(message);
      subscriber.complete();
    };
    // After an unsubscribe the cancel is not reported.
    read().catch((error: unknown) => subscriber.error(error));
    return () => call.cancel();
  });
}
