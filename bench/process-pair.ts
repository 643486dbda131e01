import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { RunAnswer, RunRequest } from "./client-process.js";
import type { Setup } from "./peer.js";
import type { PeerEntry, Program } from "./peers.js";
import type { Work } from "./work.js";

export interface Speed {
  /** Messages a second. */
  readonly rate: number;
  /** Microseconds of processor time (user and system) a message, of both processes. Other work on the machine disturbs it less. */
  readonly cpu: number;
  /** What the server needs of that. */
  readonly serverCpu: number;
}

export interface PairOptions extends Omit<Setup, "port"> {
  /** Both processes on the first core. */
  readonly oneCore?: boolean | undefined;
  /** Options of node, as `--cpu-prof`. */
  readonly execArgv?: readonly string[];
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

  static async start(peer: PeerEntry, options: PairOptions = {}): Promise<ProcessPair> {
    const { oneCore = false, execArgv = [], ...setup } = options;
    const start = (side: "client" | "server", given: Setup): ChildProcess => {
      const command = commandOf(peer.program, peer.name, side, given, execArgv);
      return startWithIpc(oneCore ? ["taskset", "-c", "0", ...command] : command);
    };
    const server = start("server", setup);
    const port = await answer<number>(server);
    return new ProcessPair(server, start("client", { ...setup, port }));
  }

  async run(work: Work, milliseconds: number): Promise<Speed> {
    const request: RunRequest = { work, milliseconds };
    const before = await this.#serverCpu();
    this.#client.send(request);
    const result = await answer<RunAnswer>(this.#client);
    if ("error" in result) throw new Error(result.error);
    const server = (await this.#serverCpu()) - before;
    const { messages } = result;
    return {
      rate: (messages / result.milliseconds) * 1000,
      cpu: (total(result.cpu) + server) / messages,
      serverCpu: server / messages,
    };
  }

  async #serverCpu(): Promise<number> {
    this.#server.send("cpu");
    return total(await answer<NodeJS.CpuUsage>(this.#server));
  }

  /** Ends both; they write their profiles then. */
  async stop(): Promise<void> {
    for (const child of [this.#client, this.#server]) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const exited = once(child, "exit");
      child.disconnect();
      await exited;
    }
  }
}

function commandOf(program: Program, name: string, side: string, setup: Setup, execArgv: readonly string[]): string[] {
  const given = JSON.stringify(setup);
  if (program.kind === "native") return [program.command, side, given, ...program.args];
  const folder = program.kind === "copy" ? join(program.folder, "dist") : import.meta.dirname;
  const peer = program.kind === "copy" ? program.peer : name;
  return [process.execPath, heap, ...execArgv, join(folder, `${side}-process.js`), peer, given];
}

/** A process with Node's channel to its parent; programs that are not Node's find the channel's descriptor in NODE_CHANNEL_FD. */
export function startWithIpc([command = "", ...args]: readonly string[]): ChildProcess {
  const options: SpawnOptions = { stdio: ["ignore", "inherit", "inherit", "ipc"] };
  return spawn(command, args, options);
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
