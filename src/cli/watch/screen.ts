import { printable } from "../../text/printable.js";
import type { Io } from "../io.js";
import { faultText } from "../report/faults.js";
import type { Outcome } from "../report/outcome.js";
import { plural } from "../report/stats.js";
import { type Style, styleFor } from "../report/style.js";
import type { Options } from "../usage/options.js";

/** What a terminal is cleared with: the screen, what scrolled off it, and the cursor to the top. */
const clear = "\u001b[2J\u001b[3J\u001b[H";

const nothing = "nothing to write";

export interface Shown {
  /** Whether only what is wrong is told. */
  readonly quiet: boolean;
  /** Whether a change asked for the run; one that did not, and wrote nothing, is not told. */
  readonly asked: boolean;
  /** How long the run took. */
  readonly ms: number;
}

/** Tells how the runs of `--watch` end: a line a run, or what is wrong. */
export class Screen {
  readonly #io: Io;
  readonly #style: Style;
  #failed = false;

  constructor(io: Io) {
    this.#io = io;
    this.#style = styleFor(io.stdout, io.env);
  }

  begin(outputs: readonly Options[]): void {
    const inputs = outputs.flatMap(({ paths, descriptorSet }) =>
      descriptorSet === undefined ? paths : [descriptorSet],
    );
    this.#print(`Watching ${printable([...new Set(inputs)].join(", "))}; Ctrl-C ends it`);
  }

  show(outcomes: readonly Outcome[], { quiet, asked, ms }: Shown): void {
    const faults = outcomes.flatMap((outcome) => outcome.faults);
    const text = faults.length > 0 ? "" : summary(outcomes);
    if (!asked && text === nothing && !this.#failed) return;
    // What was wrong goes once it is mended, or something else is.
    if (this.#failed && this.#io.stdout.isTTY === true) this.#io.stdout.write(clear);
    const mended = this.#failed && faults.length === 0;
    this.#failed = faults.length > 0;
    if (faults.length > 0) {
      for (const fault of faults) this.#print(faultText(fault, this.#style));
      this.#print(`${this.#clock()} ${this.#style("red", plural(faults.length, "error"))}; waiting for a change`);
    } else if (!quiet || mended) {
      this.#print(`${this.#clock()} ${mended ? "mended; " : ""}${text} in ${Math.round(ms)} ms`);
    }
  }

  #clock(): string {
    return this.#style("dim", new Date().toTimeString().slice(0, 8));
  }

  #print(line: string): void {
    this.#io.stdout.write(`${line}\n`);
  }
}

/** E.g. `gen: 2 of 200 files written (a_grpc.ts, a_pb.ts)`. */
function summary(outcomes: readonly Outcome[]): string {
  const parts = outcomes.flatMap(({ result }) => {
    if (result === undefined) return [];
    const names = [...result.missing, ...result.stale, ...result.layout];
    const removed = result.clean && result.orphaned.length > 0 ? `, ${result.orphaned.length} removed` : "";
    if (names.length === 0 && removed === "") return [];
    const shown = names.length > 3 ? [...names.slice(0, 3), "…"] : names;
    const list = shown.length === 0 ? "" : ` (${shown.join(", ")})`;
    return [`${result.out}: ${names.length} of ${plural(result.outputs, "file")} written${removed}${list}`];
  });
  return parts.length === 0 ? nothing : printable(parts.join("; "));
}
