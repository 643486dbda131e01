import { exitCodes } from "../errors/exit-codes.js";
import { type Fault, GenStubsError } from "../errors/gen-stubs-error.js";
import { commands } from "./commands/index.js";
import type { Io } from "./io.js";
import { faultText } from "./report/faults.js";
import { resultJson } from "./report/json.js";
import { styleFor } from "./report/style.js";
import { parse } from "./usage/parse.js";
import { version } from "./version.js";

/** Runs `gen-stubs` and prints what comes of it. Never throws; returns the exit code. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  try {
    const parsed = await parse(argv, commands, version);
    if ("command" in parsed) return await parsed.command.run(parsed.values, io);
    io.stdout.write(`${parsed.print.trimEnd()}\n`);
    return exitCodes.ok.code;
  } catch (error) {
    return printError(error, wantsJson(argv), io);
  }
}

/** Asked of the words themselves, because they may be what is wrong. */
function wantsJson(argv: readonly string[]): boolean {
  const end = argv.indexOf("--");
  return argv.slice(0, end < 0 ? undefined : end).includes("--json");
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
