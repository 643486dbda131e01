import { builtinModule } from "./builtin-module.js";

/** Runs a function in an asynchronous context that was captured earlier. */
export type ContextRunner = <Result>(run: () => Result) => Result;

interface AsyncHooks {
  readonly AsyncResource?: new (
    type: string,
    options: { readonly requireManualDestroy: boolean },
  ) => { runInAsyncScope<Result>(run: () => Result): Result };
}

const hooks = builtinModule<AsyncHooks>("node:async_hooks");

const asItIs: ContextRunner = (run) => run();

/**
 * Remembers the caller's asynchronous context (AsyncLocalStorage), for callbacks that run later from a connection's events
 * (P18). Where the platform has none: runs as it is.
 *
 * By a resource: `AsyncLocalStorage.snapshot()` binds a function to one, which costs 12 µs on Node 20 and 22, more than the call.
 */
export function captureContext(): ContextRunner {
  if (hooks?.AsyncResource === undefined) return asItIs;
  // No hook hears of its end, which would cost the garbage collector a look at each.
  const resource = new hooks.AsyncResource("gen-stubs", { requireManualDestroy: true });
  return (run) => resource.runInAsyncScope(run);
}

/**
 * The context in which this module was loaded, which belongs to no call. Connections and listening servers are created in it, so that
 * they do not keep the context of a call.
 */
export const inCleanContext: ContextRunner = captureContext();
