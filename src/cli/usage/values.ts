import { GenStubsError } from "../../errors/gen-stubs-error.js";
import type { Flag } from "./flags.js";

/** The values of flags, as yargs read them; where a flag was not given, its default. */
export class Values {
  /** What was given: flags by their long names, and under `_` what is no flag. */
  readonly given: Readonly<Record<string, unknown>>;
  readonly #flags: Readonly<Record<string, Flag>>;

  constructor(given: Readonly<Record<string, unknown>>, flags: Readonly<Record<string, Flag>>) {
    this.given = given;
    this.#flags = flags;
  }

  /** What is no flag: paths, names. */
  get paths(): readonly string[] {
    const paths = this.given["_"];
    return Array.isArray(paths) ? paths.map(String) : [];
  }

  /** The words behind `--`, where there was one; they are among the paths too. */
  get rest(): readonly string[] | undefined {
    const rest = this.given["--"];
    return Array.isArray(rest) ? rest.map(String) : undefined;
  }

  /** Whether a flag was given. */
  has(name: string): boolean {
    return this.given[name] !== undefined;
  }

  /** Whether anything was given at all. */
  get asks(): boolean {
    return this.paths.length > 0 || Object.keys(this.given).some((name) => name !== "_" && this.has(name));
  }

  /** Whether a flag that takes a value was given as `--no-…`. */
  denied(name: string): boolean {
    return this.given[name] === false;
  }

  /** All values of a flag, in order. Throws GS1002 for an empty one. */
  many(name: string): readonly string[] {
    const value = this.#valueOf(name);
    if (value === undefined) return [];
    if (value === false) throw new GenStubsError({ code: "GS1001", message: `unknown option --no-${name}` });
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
    const value = this.#valueOf(name);
    return Array.isArray(value) ? value.at(-1) === true : value === true;
  }

  #valueOf(name: string): unknown {
    return this.given[name] ?? this.#flags[name]?.default;
  }
}
