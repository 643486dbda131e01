import { exitCodes } from "../../errors/exit-codes.js";
import { type Fault, GenStubsError } from "../../errors/gen-stubs-error.js";
import type { Io } from "../io.js";
import { version } from "../usage/parse.js";
import { faultText } from "./faults.js";
import { resultJson } from "./json.js";
import { styleFor } from "./style.js";

/** Prints what a run has thrown: faults of the user's, or a bug. Returns the exit code. */
export function printError(error: unknown, json: boolean, io: Io): number {
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
