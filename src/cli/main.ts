import { exitCodes } from "../errors/exit-codes.js";
import { type Fault, GenStubsError } from "../errors/gen-stubs-error.js";
import { listenForInterruption } from "./interruption.js";
import { faultText } from "./report/faults.js";
import { resultJson } from "./report/json.js";
import { createProgress, silent } from "./report/progress.js";
import type { Result } from "./report/result.js";
import { styleFor } from "./report/style.js";
import { resultText } from "./report/text.js";
import type { Options } from "./usage/options.js";
import { parse, version } from "./usage/parse.js";

/** Where a run happens and prints. */
export interface Io {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
}

/** Runs `gen-stubs` and prints what comes of it. Never throws; returns the exit code. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  let options: Options | undefined;
  try {
    const parsed = await parse(argv);
    if ("print" in parsed) {
      io.stdout.write(`${parsed.print.trimEnd()}\n`);
      return exitCodes.ok.code;
    }
    options = parsed.options;
    return print(await runWithProgress(options, io), options, io);
  } catch (error) {
    return printError(error, options?.json ?? argv.includes("--json"), io);
  }
}

async function runWithProgress(options: Options, io: Io): Promise<Result> {
  // Loaded here, so that a wrong command line is answered at once.
  const { runCommand } = await import("./command.js");
  const progress = options.quiet || options.json ? silent : createProgress(io.stderr);
  const interruption = listenForInterruption();
  try {
    return await runCommand(options, progress, io.cwd, interruption.signal);
  } finally {
    interruption.stop();
    progress.stop();
  }
}

function print(result: Result, options: Options, io: Io): number {
  const exitCode = result.faults.length > 0 ? exitCodes.failed.code : exitCodes.ok.code;
  if (options.json) io.stdout.write(resultJson(exitCode, version(), result, result.faults));
  // Drift is what --check is asked for: it is told even where only errors are wanted.
  else if (!options.quiet || exitCode !== exitCodes.ok.code)
    io.stdout.write(resultText(result, styleFor(io.stdout, io.env)));
  return exitCode;
}

function printError(error: unknown, json: boolean, io: Io): number {
  if (!(error instanceof GenStubsError)) return printBug(error, json, io);
  if (json) io.stdout.write(resultJson(error.exitCode, version(), undefined, error.faults));
  else {
    const style = styleFor(io.stderr, io.env);
    io.stderr.write(`${error.faults.map((fault) => faultText(fault, style)).join("\n")}\n`);
  }
  return error.exitCode;
}

function printBug(error: unknown, json: boolean, io: Io): number {
  const { code } = exitCodes.internal;
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const fault: Fault = { code: "GS9001", message: `this is a bug in gen-stubs, please report it: ${stack}` };
  if (json) io.stdout.write(resultJson(code, version(), undefined, [fault]));
  else io.stderr.write(`${faultText(fault, styleFor(io.stderr, io.env))}\n`);
  return code;
}
