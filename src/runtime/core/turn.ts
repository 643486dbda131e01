import { startTimer } from "./clock.js";

/** Node's own queues, taken when the module is loaded, so that a test's fake timers do not stop calls (P19). */
interface NodeTurns {
  readonly process?: { nextTick?(run: (context: unknown) => void, context: unknown): void };
  setImmediate?(run: (context: unknown) => void, context: unknown): unknown;
}
interface BrowserChannel {
  readonly MessageChannel?: new () => {
    port1: { onmessage: (() => void) | null };
    port2: { postMessage(message: undefined): void };
  };
}
const node = globalThis as NodeTurns; // what is there is looked for below
const nodeTick = node.process?.nextTick;
const nodeImmediate = node.setImmediate;
const settled = Promise.resolve();

/** Runs the function after the current code, before any I/O event. */
export const soon: <Context>(run: (context: Context) => void, context: Context) => void =
  nodeTick === undefined
    ? (run, context) => void settled.then(() => run(context))
    : (run, context) => nodeTick(run as (context: unknown) => void, context); // the context is what `run` takes

/** Runs the function in a later turn of the event loop, after the events that already wait. */
export const nextTurn: <Context>(run: (context: Context) => void, context: Context) => void =
  nodeImmediate === undefined
    ? browserTurn()
    : (run, context) => void nodeImmediate(run as (context: unknown) => void, context); // as above

/** Browsers delay timers of hidden pages, but not messages. */
function browserTurn(): typeof nextTurn {
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
