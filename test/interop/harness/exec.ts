import { spawn } from "node:child_process";

/** How a command ended. `code` is -1 where a signal ended it. */
export interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ExecOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** Milliseconds after which the command is killed; 60 000 without it. */
  readonly timeoutMs?: number;
}

/** Runs a command to its end and keeps what it prints. */
export function exec(command: string, args: readonly string[], options: ExecOptions = {}): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: [options.stdin === undefined ? "ignore" : "pipe", "pipe", "pipe"],
    });
    const timer = setTimeout(() => {
      stderr += `\nkilled after ${options.timeoutMs ?? 60_000} ms`;
      child.kill("SIGKILL");
    }, options.timeoutMs ?? 60_000);
    let stdout = "";
    let stderr = "";
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    child.stdin?.on("error", () => {});
    child.stdin?.end(options.stdin);
    child.on("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve({ code: code ?? -1, stdout, stderr });
    });
  });
}

/** As {@link exec}; throws where the command fails. */
export async function execOk(command: string, args: readonly string[], options: ExecOptions = {}): Promise<Finished> {
  const finished = await exec(command, args, options);
  if (finished.code !== 0) {
    const output = (finished.stderr + finished.stdout).trim().slice(-4000);
    throw new Error(`${command} ${args.join(" ")} ended with ${finished.code}\n${output}`);
  }
  return finished;
}

/** The first line a command prints, or undefined where it cannot be run. */
export async function firstLine(command: string, args: readonly string[]): Promise<string | undefined> {
  try {
    const { code, stdout, stderr } = await exec(command, args);
    return code === 0 ? (stdout || stderr).split("\n")[0]?.trim() : undefined;
  } catch {
    return undefined;
  }
}
