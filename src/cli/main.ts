import { exitCodes } from "../errors/exit-codes.js";
import { type Fault, GenStubsError } from "../errors/gen-stubs-error.js";
import { commands } from "./commands/index.js";
import type { Io } from "./io.js";
import { failureOf } from "./report/outcome.js";
import { printReport, wantedFormat } from "./report/print-report.js";
import { parse } from "./usage/parse.js";
import { version } from "./version.js";

/** Runs `gen-stubs` and prints what comes of it. Never throws; returns the exit code. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  try {
    const parsed = await parse(argv, commands, version, io.cwd);
    if ("command" in parsed) return await parsed.command.run(parsed.values, io);
    io.stdout.write(`${parsed.print.trimEnd()}\n`);
    return exitCodes.ok.code;
  } catch (error) {
    return printError(error, argv, io);
  }
}

function printError(error: unknown, argv: readonly string[], io: Io): number {
  const format = wantedFormat(argv);
  if (error instanceof GenStubsError) return printReport(format, [failureOf(error)], io, { quiet: false });
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const fault: Fault = { code: "GS9001", message: `this is a bug in gen-stubs, please report it: ${stack}` };
  const outcome = { result: undefined, faults: [fault], exitCode: exitCodes.internal.code };
  return printReport(format, [outcome], io, { quiet: false });
}
