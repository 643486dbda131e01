import { type ChildProcess, spawn } from "node:child_process";

/** How a command ended. */
export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Both, as a terminal would show them. */
  readonly output: string;
}

export interface ShellOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What the program reads from standard input. Default: nothing. "open": the caller writes to it. */
  readonly input?: "open" | Buffer;
}

/** The environment of a user: nothing of npm's or the test runner's. */
export function plainEnvironment(extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) =>
      !/^(npm_(?!config_(registry|cache|userconfig)$)|VITEST|NODE_OPTIONS$|NODE_ENV$|INIT_CWD$|DEV$|PROD$)/i.test(name),
  );
  return {
    ...Object.fromEntries(inherited),
    NO_COLOR: "1",
    // Packages come from npm's cache where it has them.
    npm_config_prefer_offline: "true",
    npm_config_audit: "false",
    npm_config_fund: "false",
    npm_config_update_notifier: "false",
    npm_config_loglevel: "error",
    ...extra,
  };
}

/** Runs a program or, given one string, a bash script; waits for its end. */
export async function run(command: string | readonly [string, ...string[]], options: ShellOptions): Promise<Finished> {
  const child = start(command, options);
  const output: string[] = [];
  const stdout: string[] = [];
  const stderr: string[] = [];
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    stdout.push(text);
    output.push(text);
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr.push(text);
    output.push(text);
  });
  const code = await new Promise<number | null>((resolve, reject) => child.on("error", reject).on("close", resolve));
  return { code, stdout: stdout.join(""), stderr: stderr.join(""), output: output.join("") };
}

/** As {@link run}, for commands that must succeed. */
export async function runOk(
  command: string | readonly [string, ...string[]],
  options: ShellOptions,
): Promise<Finished> {
  const finished = await run(command, options);
  if (finished.code !== 0) {
    throw new Error(
      `${Array.isArray(command) ? command.join(" ") : command}: exit ${finished.code}\n${finished.output}`,
    );
  }
  return finished;
}

/** A process that goes on; `line` resolves with its first line of output. */
export interface Background {
  readonly child: ChildProcess;
  readonly line: Promise<string>;
  /** The exit code; null where a signal ended it. */
  readonly ended: Promise<number | null>;
  /** Everything printed so far. */
  output(): string;
  /** Resolves once the output matches; rejects when the process ends before. */
  printed(pattern: RegExp): Promise<void>;
  /** Sends the signal and waits for the end. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Starts a process in the background. The caller stops it. */
export function background(command: string | readonly [string, ...string[]], options: ShellOptions): Background {
  const child = start(command, options, true);
  let output = "";
  const watchers = new Set<() => void>();
  const ended = new Promise<number | null>((resolve, reject) => child.on("error", reject).on("close", resolve));
  const onText = (text: string): void => {
    output += text;
    for (const watcher of [...watchers]) watcher();
  };
  child.stdout?.setEncoding("utf8").on("data", onText);
  child.stderr?.setEncoding("utf8").on("data", onText);
  const printed = (pattern: RegExp): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (!pattern.test(output)) return;
        watchers.delete(look);
        resolve();
      };
      watchers.add(look);
      ended.then((code) => reject(new Error(`ended with ${code} before it printed ${pattern}:\n${output}`)), reject);
      look();
    });
  return {
    child,
    line: printed(/\n/).then(() => output.split("\n")[0] ?? ""),
    ended,
    output: () => output,
    printed,
    async stop(signal = "SIGTERM") {
      // The whole group: a shell or npx may stand between.
      if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
        process.kill(-child.pid, signal);
      return await ended;
    },
  };
}

function start(
  command: string | readonly [string, ...string[]],
  options: ShellOptions,
  detached = false,
): ChildProcess {
  const [program, ...args] =
    typeof command === "string" ? (["bash", "--norc", "-euo", "pipefail", "-c", command] as const) : command;
  const child = spawn(program, args, { cwd: options.cwd, env: plainEnvironment(options.env), detached });
  if (options.input !== "open") child.stdin?.end(options.input);
  return child;
}
