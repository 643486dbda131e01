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

/**
 * Runs a program to its end, without a shell.
 *
 * @throws the system's error (`code` ENOENT, EACCES…) when the program cannot be started; the signal's reason when aborted.
 */
export function runProcess(
  command: string,
  args: readonly string[],
  options: ProcessOptions = {},
): Promise<ProcessResult> {
  const { signal: abort } = options;
  return new Promise((resolve, reject) => {
    abort?.throwIfAborted();
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      shell: false,
      windowsHide: true,
      stdio: ["pipe", "pipe", "pipe"],
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
    // A program that ends before it has read its input closes the pipe (EPIPE); its exit code tells the story.
    child.stdin.on("error", () => {});
    const kill = (): void => void child.kill("SIGKILL");
    abort?.addEventListener("abort", kill, { once: true });
    child.on("error", reject);
    child.on("close", (code, signal) => {
      abort?.removeEventListener("abort", kill);
      if (abort?.aborted === true) reject(abort.reason);
      resolve({ code, signal, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString("utf8") });
    });
    child.stdin.end(options.stdin ?? new Uint8Array());
  });
}

/** The system's code of a failure (`ENOENT`, `EACCES`…), if it has one. */
export function errnoOf(error: unknown): string | undefined {
  if (error instanceof Error && "code" in error && typeof error.code === "string") return error.code;
  return undefined;
}
