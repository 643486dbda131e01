import type { Io } from "../io.js";
import type { Flag } from "../usage/flags.js";
import type { Values } from "../usage/values.js";

/** A subcommand, such as `init`. */
export interface Command {
  /** Its first word; `generate` also runs without one. */
  readonly name: string;
  /** What follows the name, e.g. `<service> --to <file>`. */
  readonly usage: string;
  /** What it does, in one line. */
  readonly summary: string;
  /** Its flags, beside `--help` and `--version`, in the order of its help. */
  readonly flags: Readonly<Record<string, Flag>>;
  /** Arguments (behind `gen-stubs`), and what they do. */
  readonly examples: readonly (readonly [args: string, what: string])[];
  /** What else its help tells: paragraphs, one line each. */
  readonly notes: readonly string[];
  /**
   * Runs it, prints what comes of it and returns the exit code. What it needs beside the command line it loads itself, so
   * that help and a wrong command line are answered at once.
   *
   * @throws GenStubsError with what is wrong; `main` prints it.
   */
  run(values: Values, io: Io): Promise<number>;
}
