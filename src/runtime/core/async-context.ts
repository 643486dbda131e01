import { builtinModule } from "./builtin-module.js";

/** Runs a function in an asynchronous context that was captured earlier. */
export type ContextRunner = <Result>(run: () => Result) => Result;

interface AsyncHooks {
  readonly AsyncLocalStorage: { snapshot?(): ContextRunner };
}

const hooks = builtinModule<AsyncHooks>("node:async_hooks");

const asItIs: ContextRunner = (run) => run();

/**
 * Remembers the caller's asynchronous context (AsyncLocalStorage), for callbacks that run later from a connection's events
 * (P18). Where the platform has none: runs as it is.
 */
export function captureContext(): ContextRunner {
  return hooks?.AsyncLocalStorage.snapshot?.() ?? asItIs;
}

/** The context in which this module was loaded: nobody's call. Connections and listening servers are made in it. */
export const inCleanContext: ContextRunner = captureContext();
