import { startTimer } from "./clock.js";

type Queue = (run: (context: unknown) => void, context?: unknown) => void;
interface BrowserChannel {
  readonly MessageChannel?: new () => {
    port1: { onmessage: (() => void) | null };
    port2: { postMessage(message: undefined): void };
  };
}
/** Node's own queues, taken when the module is loaded, so that a test's fake timers do not stop calls (P19). */
const node = globalThis as { readonly process?: { readonly nextTick?: Queue }; readonly setImmediate?: Queue }; // what is there is looked for below
const settled = Promise.resolve();

/** Runs a function later. `context` is what it is given, where it takes something: that saves a closure. */
export interface Later {
  (run: () => void): void;
  <Context>(run: (context: Context) => void, context: Context): void;
}

/** Runs the function after the current code, before any I/O event. */
export const soon: Later = // the context is what `run` takes
  (node.process?.nextTick ?? ((run, context) => void settled.then(() => run(context)))) as Later;

/** Runs the function in a later turn of the event loop, after the events that already wait. */
export const nextTurn: Later = (node.setImmediate ?? browserTurn()) as Later; // as above

/** Browsers delay timers of hidden pages, but not messages. */
function browserTurn(): Queue {
  const waiting: (() => void)[] = [];
  const { MessageChannel } = globalThis as unknown as BrowserChannel; // Node's own type of it has no `onmessage`
  if (MessageChannel === undefined) return (run, context) => void startTimer(run, 0, context);
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => waiting.shift()?.();
  return (run, context) => {
    waiting.push(() => run(context));
    port2.postMessage(undefined);
  };
}
