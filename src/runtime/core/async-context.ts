/** Runs a function in an asynchronous context that was captured earlier. */
export type ContextRunner = <Result>(run: () => Result) => Result;

interface AsyncHooks {
  readonly AsyncLocalStorage: { snapshot?(): ContextRunner };
}
interface BuiltinModules {
  readonly process?: { getBuiltinModule?(name: string): AsyncHooks | undefined };
}

/** By a lookup, not an import: browsers have no such module, and bundlers need not know of it. */
const hooks = (globalThis as BuiltinModules).process?.getBuiltinModule?.("node:async_hooks"); // typed by what is used

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
