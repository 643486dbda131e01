/**
 * Checks a list of interceptors: a missing entry (undefined, a hole) would otherwise end the chain early, and skip those that follow.
 * @throws TypeError for an entry that is not a function
 */
export function checkInterceptors(interceptors: readonly unknown[]): void {
  for (const [at, interceptor] of interceptors.entries()) {
    if (typeof interceptor !== "function")
      throw new TypeError(`interceptors[${at}] is ${String(interceptor)}, not a function`);
  }
}
