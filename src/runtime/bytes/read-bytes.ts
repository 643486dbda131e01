import type { MessageReceiver } from "../call/message-types.js";
import { notPromised } from "../core/not-promised.js";

/** What can be cancelled with a reason: a client's call. */
interface Cancellable {
  cancel(reason?: unknown): void;
}

/**
 * The bytes of a call's messages as a web stream, of either side: for `pipeTo`, `new Response(…)` and `for await`, and for Node's
 * `pipeline(readBytes(call, …), createWriteStream(path))` and `Readable.fromWeb`. A message is taken when the consumer asks: a slow
 * one stops its sender (P9).
 *
 * Cancels go both ways. The stream ends after a true end of the messages and errors with the call's RpcError where there was none (P6);
 * a consumer that cancels it, breaks out of its loop or fails cancels a client's call (P4); a server's handler decides itself. What
 * `toBytes` throws ends the call and errors the stream.
 *
 * @param toBytes the bytes of a message; undefined or empty for one that has none
 * @example
 * ```ts
 * await pipeline(readBytes(client.download({ id }), ({ data }) => data), createWriteStream(path));
 * ```
 */
export function readBytes<Message>(
  call: MessageReceiver<Message>,
  toBytes: (message: Message) => Uint8Array | undefined,
): ReadableStream<Uint8Array> {
  const messages = call[Symbol.asyncIterator]();
  const cancel = (reason: unknown): void => {
    if (isCancellable(call)) call.cancel(reason);
    else void messages.return?.();
  };
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        for (;;) {
          const { done, value } = await messages.next();
          if (done === true) {
            controller.close();
            return;
          }
          const bytes = bytesOf(value, toBytes, cancel);
          if (bytes === undefined || bytes.length === 0) continue;
          controller.enqueue(bytes);
          return;
        }
      },
      cancel,
    },
    // Nothing is read ahead of the consumer: what waits, waits in the call, which counts it.
    { highWaterMark: 0 },
  );
}

/** Throws what `toBytes` throws, and ends the call with it. */
function bytesOf<Message>(
  message: Message,
  toBytes: (message: Message) => Uint8Array | undefined,
  cancel: (reason: unknown) => void,
): Uint8Array | undefined {
  try {
    const bytes: unknown = notPromised(toBytes(message), "toBytes");
    if (bytes === undefined || bytes instanceof Uint8Array) return bytes;
    throw new TypeError(`toBytes gave ${typeof bytes}; it must give Uint8Array, or undefined`);
  } catch (error) {
    cancel(error);
    throw error;
  }
}

function isCancellable(call: object): call is Cancellable {
  return "cancel" in call && typeof call.cancel === "function";
}
