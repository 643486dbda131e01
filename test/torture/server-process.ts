import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** A server in a process of its own that dies and comes back, at another port each time. */
export class ServerProcess {
  readonly #args: (life: number) => readonly string[];
  readonly #program: string;
  /** The one that serves, and those that are not gone yet. */
  #child: ChildProcess | undefined;
  readonly #alive = new Set<ChildProcess>();
  #lives = 0;
  #closed = false;
  /** Where it listens, or listened. */
  port = 0;

  /** @param args gives the arguments of its nth life, from 0. */
  constructor(program: string, args: (life: number) => readonly string[]) {
    this.#program = fileURLToPath(new URL(`./programs/${program}`, import.meta.url));
    this.#args = args;
  }

  /** How often it was started. */
  get lives(): number {
    return this.#lives;
  }

  /** Resolves when it listens. */
  async start(): Promise<void> {
    const args = [this.#program, ...this.#args(this.#lives++)];
    const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
    this.#child = child;
    this.#alive.add(child);
    child.once("exit", () => this.#alive.delete(child));
    const [line] = await Promise.race([once(child.stdout, "data"), once(child, "exit").then(() => [""])]);
    if (this.#child === child && String(line) !== "") this.port = Number(line);
  }

  /** Ends it by this signal, waits until it is gone and starts another. */
  async restart(signal: "SIGKILL" | "SIGTERM"): Promise<void> {
    const child = this.#child;
    if (child === undefined || this.#closed) return;
    this.#child = undefined;
    await end(child, signal);
    if (!this.#closed) await this.start();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#child = undefined;
    await Promise.all([...this.#alive].map((child) => end(child, "SIGKILL")));
  }
}

async function end(child: ChildProcess, signal: "SIGKILL" | "SIGTERM"): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill(signal);
  await gone;
}
