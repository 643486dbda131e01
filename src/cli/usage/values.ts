import { GenStubsError } from "../../errors/gen-stubs-error.js";

/** The values of a command line, as yargs read them. */
export class Values {
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(values: Readonly<Record<string, unknown>>) {
    this.#values = values;
  }

  /** What is no flag: paths, names. */
  get paths(): readonly string[] {
    const paths = this.#values["_"];
    return Array.isArray(paths) ? paths.map(String) : [];
  }

  /** Whether a flag was given, or has a default. */
  has(name: string): boolean {
    return this.#values[name] !== undefined;
  }

  /** All values of a flag, in order. Throws GS1002 for an empty one. */
  many(name: string): readonly string[] {
    const value = this.#values[name];
    if (value === undefined) return [];
    const list = Array.isArray(value) ? value.map(String) : [String(value)];
    if (list.includes("")) throw new GenStubsError({ code: "GS1002", message: `--${name} is empty` });
    return list;
  }

  /** The value of a flag that may be given once. Throws GS1002 where it is given more often, or empty. */
  single(name: string): string | undefined {
    const list = this.many(name);
    if (list.length <= 1) return list[0];
    throw new GenStubsError({ code: "GS1002", message: `--${name} is given ${list.length} times; it takes one value` });
  }

  /** Whether a switch is on; of several, the last counts. */
  flag(name: string): boolean {
    const value = this.#values[name];
    return Array.isArray(value) ? value.at(-1) === true : value === true;
  }
}
