import { type ProcessResult, runProcess, type StartedProcess, startProcess } from "../process/run-process.js";
import { memoryFlags, usualInput } from "./memory-flags.js";

/** Runs scripts for Node in processes of their own. */
export interface ScriptProcesses {
  /** Rejects as `runProcess` does; the signal ends the process. */
  run(script: string, stdin: Uint8Array, signal?: AbortSignal): Promise<ProcessResult>;
}

/** Starts each process when it is needed. */
export const coldProcesses: ScriptProcesses = {
  run: (script, stdin, signal) =>
    runProcess(process.execPath, [...memoryFlags(stdin.length), script], { stdin, signal }),
};

/**
 * Keeps one process of each script ready, its modules loaded, for runs that follow one another: what is left of a run is the
 * work itself. To be disposed of at the end.
 */
export class WarmProcesses implements ScriptProcesses {
  readonly #ready = new Map<string, StartedProcess>();
  #disposed = false;

  /** Starts a process of the script, unless there is one. */
  prepare(script: string): void {
    if (this.#disposed || this.#ready.has(script)) return;
    this.#ready.set(script, startProcess(process.execPath, [...memoryFlags(usualInput), script]));
  }

  async run(script: string, stdin: Uint8Array, signal?: AbortSignal): Promise<ProcessResult> {
    const ready = stdin.length > usualInput ? undefined : this.#ready.get(script);
    if (ready !== undefined) this.#ready.delete(script);
    try {
      return await (ready === undefined ? coldProcesses.run(script, stdin, signal) : ready.finish(stdin, signal));
    } finally {
      this.prepare(script);
    }
  }

  dispose(): void {
    this.#disposed = true;
    for (const started of this.#ready.values()) started.kill();
    this.#ready.clear();
  }
}
