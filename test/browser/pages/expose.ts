/** Lets a test call these functions of its page (`OpenPage.run`). Arguments and results are JSON. */
export function expose(functions: Readonly<Record<string, (...args: never[]) => unknown>>): void {
  Object.assign(globalThis, { exposed: functions });
}
