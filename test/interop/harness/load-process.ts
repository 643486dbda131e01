import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Transport } from "./context.js";
import { cache } from "./paths.js";

export interface LoadPlan {
  /** Calls, 50 at once. */
  readonly unary?: number;
  /** Calls, all at once. */
  readonly bidi?: number;
  /** Calls that stay open until {@link LoadProcess.talk}. */
  readonly hold?: number;
  /** Silence before the unary calls `after`. */
  readonly pauseMs?: number;
  readonly after?: number;
}

/** How many calls ended with each status, by its name. */
export type Counts = Readonly<Record<string, number>>;

export interface LoadReport {
  readonly unary: Counts;
  readonly bidi: Counts;
  readonly after: Counts;
  readonly held: Counts;
}

/** Our client in a process of its own, with many calls: programs/proxies/load.ts. */
export class LoadProcess {
  readonly #child: ChildProcess;
  readonly #report: Promise<LoadReport>;
  /** Resolves when the held calls are open. */
  readonly holding: Promise<void>;

  constructor(transport: Transport, port: number, plan: LoadPlan) {
    const program = join(cache, "js", "programs", "proxies", "load.js");
    const args = [program, transport, `127.0.0.1:${port}`, JSON.stringify(plan)];
    const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "pipe"] });
    this.#child = child;
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr = (stderr + text).slice(-1000);
    });
    child.stdin.on("error", () => {});
    let done = (_: LoadReport): void => {};
    let open = (): void => {};
    this.holding = new Promise((resolve) => {
      open = resolve;
    });
    this.#report = new Promise((resolve, reject) => {
      done = resolve;
      child.once("close", (code) => reject(new Error(`the load ended with ${code} before its report: ${stderr}`)));
    });
    // It may be asked for later.
    this.#report.catch(() => open());
    createInterface({ input: child.stdout }).on("line", (line) => {
      // Our own program prints it.
      const said = JSON.parse(line) as LoadReport & { event: string };
      if (said.event === "holding") open();
      else done(said);
    });
  }

  /** Lets the held calls go on to their end. */
  talk(): void {
    this.#child.stdin?.end("talk\n");
  }

  /** What all calls ended with; rejects where they take minutes. */
  async report(): Promise<LoadReport> {
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), 240_000);
    try {
      return await this.#report;
    } finally {
      clearTimeout(timer);
    }
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const closed = once(this.#child, "close");
    this.#child.kill("SIGKILL");
    await closed;
  }
}
