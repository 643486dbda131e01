import { exitCodes } from "../errors/exit-codes.js";
import { listenForInterruption } from "./interruption.js";
import type { Io } from "./io.js";
import { resultJson } from "./report/json.js";
import { printError } from "./report/print-error.js";
import { createProgress, silent } from "./report/progress.js";
import type { Result } from "./report/result.js";
import { styleFor } from "./report/style.js";
import { resultText } from "./report/text.js";
import type { Options } from "./usage/options.js";
import { parse, version } from "./usage/parse.js";

/** Runs `gen-stubs` and prints what comes of it. Never throws; returns the exit code. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  if (argv[0] === "skeleton") return (await import("./skeleton.js")).skeletonMain(argv.slice(1), io);
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
