/** What a function returned, or the text of what it threw. */
export type Outcome<T> = { returned: T } | { threw: string };

export function outcome<T>(run: () => T): Outcome<T> {
  try {
    return { returned: run() };
  } catch (error) {
    return { threw: String(error) };
  }
}

/**
 * The first difference between two values, or undefined. Stricter than `toStrictEqual`: prototypes must be identical,
 * properties in the same order, numbers the same by `Object.is`, and byte arrays of the same class.
 */
export function difference(a: unknown, b: unknown, path = "it"): string | undefined {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) {
    return Object.is(a, b) ? undefined : `${path}: ${String(a)} is not ${String(b)}`;
  }
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return `${path}: another prototype`;
  const names = Object.keys(a);
  if (names.join() !== Object.keys(b).join()) return `${path}: {${names.join()}} is not {${Object.keys(b).join()}}`;
  for (const name of names) {
    const found = difference(Reflect.get(a, name), Reflect.get(b, name), `${path}.${name}`);
    if (found !== undefined) return found;
  }
  return undefined;
}
