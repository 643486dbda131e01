import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** Calls of one round: so few that most rounds are not disturbed by what else runs on the machine, and there are many rounds. */
export const CALLS = { unary: 2_560, stream: 256 } as const;
export type Kind = keyof typeof CALLS;

/** The process of one row, and what its rounds took. */
export class Measured {
  readonly name: string;
  readonly #child: ChildProcess;
  readonly #results: Readonly<Record<Kind, number[]>> = { unary: [], stream: [] };

  /** @param runtime the compiled runtime that it runs */
  constructor(name: string, runtime: string, variant: string) {
    this.name = name;
    this.#child = fork(fileURLToPath(new URL("./process.js", import.meta.url)), [runtime, variant]);
  }

  async ready(): Promise<void> {
    await once(this.#child, "message");
  }

  async round(kind: Kind, counts: boolean): Promise<void> {
    this.#child.send({ kind, calls: CALLS[kind] });
    const [microseconds] = await once(this.#child, "message");
    if (counts) this.#results[kind].push(microseconds);
  }

  /** Of the rounds, the lower quartile: whatever else runs on the machine makes a round dearer, nothing makes it cheaper. */
  cost(kind: Kind): number {
    return quantile(this.#results[kind], 0.25);
  }

  stop(): void {
    this.#child.disconnect();
  }
}

/** The value below which so much of them lies, between its two neighbours. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = part * (sorted.length - 1);
  const [below = Number.NaN, above = below] = sorted.slice(Math.floor(at), Math.floor(at) + 2);
  return below + (at % 1) * (above - below);
}
