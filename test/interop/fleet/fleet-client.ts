import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";

export type Tally = Readonly<Record<string, number>>;

/** 20 ms of a client, as programs/fleet/windows.ts tells them. */
export interface Window {
  /** Milliseconds since the epoch. */
  readonly t: number;
  readonly ok: Tally;
  readonly fail: Tally;
  readonly why?: string;
  readonly slowest: number;
  readonly opened: Tally;
  readonly ended: Tally;
  readonly echoes: Tally;
}

/** Milliseconds without what happened hundreds of times a second. */
const QUIET_MS = 500;

/** A client under load in a process of its own, of whatever language: it tells windows, until it is told to stop. */
export class FleetClient {
  readonly windows: Window[] = [];
  readonly #child: ChildProcess;
  readonly #closed: Promise<number | null>;
  readonly #waiting = new Set<() => void>();
  #stderr = "";

  constructor(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"], env: { ...process.env, ...env } });
    this.#child = child;
    child.stdin.on("error", () => {});
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-2000);
    });
    const lines = createInterface({ input: child.stdout }).on("line", (line) => {
      this.windows.push(JSON.parse(line) as Window); // our own programs print them
      for (const wake of this.#waiting) wake();
    });
    const read = new Promise<void>((resolve) => lines.once("close", resolve));
    this.#closed = new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => void read.then(() => resolve(code)));
    });
    this.#closed.catch(() => {});
  }

  get stderr(): string {
    return this.#stderr;
  }

  /** What was told since a moment, in milliseconds since the epoch. */
  since(moment: number): readonly Window[] {
    return this.windows.filter(({ t }) => t >= moment);
  }

  /** Resolves when the windows since `moment` fit; false where they do not within the time. */
  async until(moment: number, fits: (windows: readonly Window[]) => boolean, timeoutMs = 15_000): Promise<boolean> {
    const end = Date.now() + timeoutMs;
    while (!fits(this.since(moment))) {
      const left = end - Date.now();
      if (left <= 0 || this.#child.exitCode !== null) return false;
      let wake = (): void => {};
      const told = new Promise<void>((resolve) => {
        wake = resolve;
      });
      this.#waiting.add(wake);
      await Promise.race([told, delay(Math.min(left, 200))]);
      this.#waiting.delete(wake);
    }
    return true;
  }

  /** Resolves to when something happened last, once it has not for half a second; undefined where it goes on all the time. */
  async untilQuiet(
    moment: number,
    happens: (window: Window) => boolean,
    timeoutMs = 15_000,
  ): Promise<number | undefined> {
    const lastOf = (): number => this.since(moment).findLast(happens)?.t ?? moment;
    const quiet = await this.until(moment, () => Date.now() - lastOf() > QUIET_MS, timeoutMs);
    return quiet ? lastOf() : undefined;
  }

  /** Ends it; throws where it did not end well. */
  async stop(): Promise<void> {
    this.#child.stdin?.end("stop\n");
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), 20_000);
    const code = await this.#closed;
    clearTimeout(timer);
    if (code !== 0) throw new Error(`the client ended with ${code}: ${this.#stderr}`);
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }
}
