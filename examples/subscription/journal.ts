import { EventEmitter, once } from "node:events";
import { appendFileSync, existsSync, readFileSync } from "node:fs";

/** Prices in a file, one a line: the line's number is the price's number. They outlive the server. */
export class Journal {
  readonly #file: string;
  readonly #prices: number[];
  readonly #added = new EventEmitter().setMaxListeners(0);

  constructor(file: string) {
    this.#file = file;
    this.#prices = existsSync(file) ? readFileSync(file, "utf8").split("\n").slice(0, -1).map(Number) : [];
  }

  add(euros: number): void {
    appendFileSync(this.#file, `${euros}\n`);
    this.#prices.push(euros);
    this.#added.emit("price");
  }

  /** Every price behind that number, and then those to come, at the reader's pace. Throws when the signal aborts. */
  async *behind(after: number, signal: AbortSignal): AsyncGenerator<{ number: number; euros: number }> {
    for (let at = after; ; at++) {
      while (at >= this.#prices.length) await once(this.#added, "price", { signal });
      yield { number: at + 1, euros: this.#prices[at] ?? 0 };
    }
  }
}
