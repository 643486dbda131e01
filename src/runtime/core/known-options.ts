/** The names of an options type, each with why it has another value than undefined. A compiler error where one is missing. */
export type OptionNames<Options> = { readonly [Name in keyof Options]-?: true };

/**
 * An option arrives or throws (P17).
 * @throws TypeError that names an option nobody knows, and `what` it was given to.
 */
export function refuseUnknown(given: object, known: Readonly<Record<string, true>>, what: string): void {
  // Made for every call with options: nothing is allocated where all are known.
  for (const name in given) {
    if (known[name] === true || !Object.hasOwn(given, name) || Reflect.get(given, name) === undefined) continue;
    throw new TypeError(`${what} knows no option "${name}"; it takes ${Object.keys(known).join(", ")}`);
  }
}
