import { spawn } from "node:child_process";

export interface ProcessResult {
  /** Exit code; `null` when a signal ended the process. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

export interface ProcessOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly stdin?: Uint8Array;
  /** Kills the program; the promise is then rejected with the signal's reason, once the program has ended. */
  readonly signal?: AbortSignal | undefined;
}

/** A program that has been started and waits for its input. */
export interface StartedProcess {
  /** Gives it its input and waits for its end. Rejects as {@link runProcess} does; the signal kills it. */
  finish(stdin: Uint8Array, signal?: AbortSignal): Promise<ProcessResult>;
  /** Ends it without input. */
  kill(): void;
}

/**
 * Runs a program to its end, without a shell.
 *
 * @throws the system's error (`code` ENOENT, EACCES…) when the program cannot be started; the signal's reason when aborted.
 */
export async function runProcess(
  command: string,
  args: readonly string[],
  { stdin = new Uint8Array(), signal, ...options }: ProcessOptions = {},
): Promise<ProcessResult> {
  signal?.throwIfAborted();
  return startProcess(command, args, options).finish(stdin, signal);
}

/** Starts a program, without a shell. A failure to start is reported as its result. */
export function startProcess(
  command: string,
  args: readonly string[],
  options: Omit<ProcessOptions, "stdin" | "signal"> = {},
): StartedProcess {
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    shell: false,
    windowsHide: true,
    stdio: ["pipe", "pipe", "pipe"],
  });
  const ended = new Promise<ProcessResult>((resolve, reject) => {
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
    // A program that ends before it has read its input closes the pipe (EPIPE); its exit code tells the story.
    child.stdin.on("error", () => {});
    child.on("error", reject);
    child.on("close", (code, signal) => {
      resolve({ code, signal, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString("utf8") });
    });
  });
  // Nobody may be waiting yet when it fails.
  ended.catch(() => {});
  return {
    async finish(stdin, signal) {
      const kill = (): void => void child.kill("SIGKILL");
      if (signal?.aborted === true) kill();
      signal?.addEventListener("abort", kill, { once: true });
      try {
        child.stdin.end(stdin);
        const result = await ended;
        signal?.throwIfAborted();
        return result;
      } finally {
        signal?.removeEventListener("abort", kill);
      }
    },
    kill: () => child.kill(),
  };
}

/** The system's code of a failure (`ENOENT`, `EACCES`…), if it has one. */
export function errnoOf(error: unknown): string | undefined {
  if (error instanceof Error && "code" in error && typeof error.code === "string") return error.code;
  return undefined;
}
