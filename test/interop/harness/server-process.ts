import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** A call as the server under test saw it end. */
export interface CallEnd {
  readonly id: string;
  readonly method: string;
  /** ok, cancelled, deadline or status:N. */
  readonly outcome: string;
  readonly sent: number;
  readonly received: number;
  /** What was left of the deadline when the call came; -1 without one. */
  readonly timeLeftMs: number;
}

export interface SpawnOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** A server in a process of its own. It prints `{"port":N}`, then a line of JSON for each call that ended. */
export class ServerProcess {
  readonly #child: ChildProcess;
  readonly #ends: CallEnd[] = [];
  readonly #waiting = new Set<() => void>();
  readonly #exited: Promise<void>;
  #stderr = "";
  #port = 0;

  private constructor(command: string, args: readonly string[], options: SpawnOptions) {
    this.#child = spawn(command, args, {
      env: { ...process.env, ...options.env },
      cwd: options.cwd,
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#exited = new Promise((resolve) => this.#child.once("close", () => resolve()));
    this.#child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-4000);
    });
    createInterface({ input: this.#child.stdout! }).on("line", (line) => this.#read(line));
  }

  /** Resolves when the server has said its port. */
  static async start(command: string, args: readonly string[], options: SpawnOptions = {}): Promise<ServerProcess> {
    const server = new ServerProcess(command, args, options);
    await Promise.race([
      server.#until(() => server.#port !== 0, 20_000),
      server.#exited.then(() => {
        throw new Error(`${command} ${args.join(" ")} ended before it listened\n${server.#stderr}`);
      }),
    ]);
    return server;
  }

  get port(): number {
    return this.#port;
  }

  get target(): string {
    return `127.0.0.1:${this.#port}`;
  }

  get stderr(): string {
    return this.#stderr;
  }

  /** The end of the call with this id; undefined where none came within the time. */
  async callEnd(id: string, timeoutMs = 3000): Promise<CallEnd | undefined> {
    const find = (): CallEnd | undefined => this.#ends.find((end) => end.id === id);
    await this.#until(() => find() !== undefined, timeoutMs).catch(() => {});
    return find();
  }

  /** The code the process ends with by itself; undefined where it does not within the time, or a signal ended it. */
  async ownExit(timeoutMs = 5000): Promise<number | undefined> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, timeoutMs);
    });
    await Promise.race([this.#exited, late]);
    clearTimeout(timer);
    return this.#child.exitCode ?? undefined;
  }

  /** Ends the process: SIGTERM, and SIGKILL where that does not do. */
  async stop(signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
    this.#child.kill(signal);
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), 3000);
    await this.#exited;
    clearTimeout(timer);
  }

  #read(line: string): void {
    if (!line.startsWith("{")) return;
    // The peers are ours: each line is a port or a call's end.
    const parsed = JSON.parse(line) as { port?: number; event?: string } & CallEnd;
    if (parsed.port !== undefined) this.#port = parsed.port;
    else if (parsed.event === "end") this.#ends.push(parsed);
    for (const check of this.#waiting) check();
  }

  #until(condition: () => boolean, timeoutMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(check);
        resolve();
      };
      const check = (): void => {
        if (condition()) done();
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(check);
        reject(new Error("timed out"));
      }, timeoutMs);
      this.#waiting.add(check);
      check();
    });
  }
}
