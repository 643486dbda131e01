import { type ProcessResult, runProcess, type StartedProcess, startProcess } from "../process/run-process.js";

/** Runs scripts for Node in processes of their own. */
export interface ScriptProcesses {
  /** Rejects as `runProcess` does; the signal ends the process. */
  run(script: string, stdin: Uint8Array, signal?: AbortSignal): Promise<ProcessResult>;
}

/** Most of what a generator makes lives to its end: a larger space for what does not saves no time, and costs 50 to 90 MB. */
const flags = ["--max-semi-space-size=2"];

/** Starts each process when it is needed. */
export const coldProcesses: ScriptProcesses = {
  run: (script, stdin, signal) => runProcess(process.execPath, [...flags, script], { stdin, signal }),
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
    this.#ready.set(script, startProcess(process.execPath, [...flags, script]));
  }

  async run(script: string, stdin: Uint8Array, signal?: AbortSignal): Promise<ProcessResult> {
    const ready = this.#ready.get(script);
    this.#ready.delete(script);
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
