/** The names of all options of a type. A missing name is a compiler error. */
export type OptionNames<Options> = { readonly [Name in keyof Options]-?: true };

/**
 * Checks that all options are known: an option has an effect or throws (P17).
 * @throws TypeError that names the unknown option, and `what` it was given to.
 */
export function refuseUnknown(given: object, known: Readonly<Record<string, true>>, what: string): void {
  // Made for every call with options: nothing is allocated where all are known.
  for (const name in given) {
    if (known[name] === true || !Object.hasOwn(given, name) || Reflect.get(given, name) === undefined) continue;
    throw new TypeError(`${what} knows no option "${name}"; it takes ${Object.keys(known).join(", ")}`);
  }
}
