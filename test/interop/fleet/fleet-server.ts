import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import { cache } from "../harness/paths.js";

export interface FleetServerOptions {
  readonly host?: string;
  readonly port?: number;
  /** Milliseconds it says NOT_SERVING before it shuts down. */
  readonly drainMs?: number;
  /** Milliseconds open calls get at its shutdown. */
  readonly graceMs?: number;
  /** Files, for mTLS. */
  readonly cert?: string;
  readonly key?: string;
  readonly ca?: string;
}

/** One of our servers in a process of its own: programs/fleet/server.ts. */
export class FleetServer {
  readonly id: string;
  readonly host: string;
  readonly port: number;
  /** Why it let clients not in, by TLS. */
  readonly refusals: string[] = [];
  readonly #child: ChildProcess;

  private constructor(id: string, host: string, port: number, child: ChildProcess, lines: Interface) {
    this.id = id;
    this.host = host;
    this.port = port;
    this.#child = child;
    // Our own program prints them.
    lines.on("line", (line) => this.refusals.push((JSON.parse(line) as { refused: string }).refused));
  }

  /** Resolves when it listens. */
  static async start(id: string, options: FleetServerOptions = {}): Promise<FleetServer> {
    const { host = "127.0.0.1", port = 0, ...others } = options;
    const program = join(cache, "js", "programs", "fleet", "server.js");
    const args = [program, id, host, String(port), JSON.stringify(others)];
    const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
    child.stdin.on("error", () => {});
    const ended = once(child, "exit").then(([code]) => {
      throw new Error(`server ${id} ended with ${code} before it listened`);
    });
    const lines = createInterface({ input: child.stdout });
    const [line] = await Promise.race([once(lines, "line"), ended]);
    ended.catch(() => {});
    // Our own program prints it.
    return new FleetServer(id, host, (JSON.parse(String(line)) as { port: number }).port, child, lines);
  }

  /** "slow 300", "hang", "fail", "normal", "unhealthy" or "healthy". */
  tell(command: string): void {
    this.#child.stdin?.write(`${command}\n`);
  }

  /** Asks it to go, and waits until it has. SIGKILL where it does not within 20 s. */
  async stop(signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, "exit");
    this.#child.kill(signal);
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), 20_000);
    await gone;
    clearTimeout(timer);
  }

  /** Stops it as a debugger would: nothing is answered, connections stay. */
  freeze(): void {
    this.#child.kill("SIGSTOP");
  }

  thaw(): void {
    this.#child.kill("SIGCONT");
  }
}
