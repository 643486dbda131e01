import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { RunAnswer, RunRequest } from "./client-process.js";

export interface Speed {
  /** Messages a second. */
  readonly rate: number;
  /** Microseconds of processor time a message, of both processes. Other work on the machine disturbs it less. */
  readonly cpu: number;
}

function total({ user, system }: NodeJS.CpuUsage): number {
  return user + system;
}

/**
 * Both start with room in their heaps, as processes have that have lived for a while. In a heap of 10 MB V8 counts the
 * memory of 64 KB messages against a limit of a few MB and, once that is set, collects all garbage every 20 ms: whether it
 * is set depends on how much code a peer happens to load.
 */
const heap = "--initial-heap-size=256";

/** The server and the client of one peer, each in its own process. */
export class ProcessPair {
  readonly #server: ChildProcess;
  readonly #client: ChildProcess;

  private constructor(server: ChildProcess, client: ChildProcess) {
    this.#server = server;
    this.#client = client;
  }

  /** `execArgv`: options of node, as `--cpu-prof`. */
  static async start(peer: string, execArgv: readonly string[] = []): Promise<ProcessPair> {
    const options = { execArgv: [heap, ...execArgv] };
    const server = fork(join(import.meta.dirname, "server-process.js"), [peer], options);
    const port = await answer<number>(server);
    const client = fork(join(import.meta.dirname, "client-process.js"), [peer, String(port)], options);
    return new ProcessPair(server, client);
  }

  async run(scenario: string, milliseconds: number): Promise<Speed> {
    const request: RunRequest = { scenario, milliseconds };
    const before = await this.#serverCpu();
    this.#client.send(request);
    const result = await answer<RunAnswer>(this.#client);
    if ("error" in result) throw new Error(result.error);
    const cpu = total(result.cpu) + (await this.#serverCpu()) - before;
    return { rate: (result.messages / result.milliseconds) * 1000, cpu: cpu / result.messages };
  }

  async #serverCpu(): Promise<number> {
    this.#server.send("cpu");
    return total(await answer<NodeJS.CpuUsage>(this.#server));
  }

  /** Ends both; they write their profiles then. */
  async stop(): Promise<void> {
    for (const child of [this.#client, this.#server]) {
      if (child.exitCode !== null) continue;
      const exited = once(child, "exit");
      child.disconnect();
      await exited;
    }
  }
}

/** The next message of a process; rejects where it ends instead. */
export async function answer<T>(child: ChildProcess): Promise<T> {
  const exited = new AbortController();
  try {
    return await Promise.race([
      once(child, "message", exited).then(([message]) => message as T),
      once(child, "exit", exited).then(([code]) => {
        throw new Error(`${child.spawnargs.slice(-2).join(" ")} exited with ${code}`);
      }),
    ]);
  } finally {
    exited.abort();
  }
}
