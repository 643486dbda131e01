import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { build } from "esbuild";
import { onTestFinished } from "vitest";
import { repository } from "../../support/packed.js";

const fileOf = (program: string): string => join(repository, ".cache/test-channel", `${program}.mjs`);

/** Puts a program of this folder into one file that Node runs as it is. */
export async function buildProgram(program: "server-program" | "client-program"): Promise<void> {
  await build({
    entryPoints: [join(repository, `test/channel/support/${program}.ts`)],
    outfile: fileOf(program),
    bundle: true,
    platform: "node",
    format: "esm",
    logLevel: "error",
  });
}

/** Runs a program: its first line, and the exit code it ends with. */
export async function runProgram(
  program: string,
  ...args: string[]
): Promise<{ line: string; ended: Promise<number> }> {
  const child = spawn(process.execPath, [fileOf(program), ...args], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const ended = once(child, "exit").then(([code]) => Number(code));
  const [line] = await once(child.stdout, "data");
  return { line: String(line).trim(), ended };
}

/** A server in a process of its own. */
export class ServedProcess {
  readonly address: string;
  readonly #child: ChildProcess;

  private constructor(address: string, child: ChildProcess) {
    this.address = address;
    this.#child = child;
  }

  /** @param address `host:port`; port 0 for any */
  static async start(address: string): Promise<ServedProcess> {
    const child = spawn(process.execPath, [fileOf("server-program"), address], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    onTestFinished(() => void child.kill("SIGKILL"));
    const [line] = await once(child.stdout, "data");
    return new ServedProcess(String(line).trim(), child);
  }

  /** It does nothing any more, as a process that hangs. */
  pause(): void {
    this.#child.kill("SIGSTOP");
  }

  resume(): void {
    this.#child.kill("SIGCONT");
  }

  /** SIGTERM: calls finish, for as long as the program allows. SIGKILL: they do not. */
  async end(signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    const gone = once(this.#child, "exit");
    this.#child.kill(signal);
    await gone;
  }
}
