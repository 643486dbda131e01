import { exitCodes } from "../../errors/exit-codes.js";
import type { Io } from "../io.js";
import { resultJson } from "../report/json.js";
import { createProgress, silent } from "../report/progress.js";
import type { Result } from "../report/result.js";
import { styleFor } from "../report/style.js";
import { resultText } from "../report/text.js";
import { flags } from "../usage/flags.js";
import type { Options } from "../usage/options.js";
import { toOptions } from "../usage/to-options.js";
import { version } from "../version.js";
import type { Command } from "./command.js";

/** Messages and stubs for `.proto` files: what `gen-stubs` is there for. */
export const generateCommand: Command = {
  name: "generate",
  usage: "<paths…> --out <folder>",
  summary: "Generates typed streaming gRPC stubs and their messages from .proto files.",
  flags,
  examples: [
    ["protos --out src/gen", "messages and stubs for every .proto file in protos"],
    ["protos --out src/gen --check", "in CI: exit 1 when src/gen is out of date"],
  ],
  notes: [
    "Import names: a file below a --proto-path is named from there, as protoc does. Other files are named from the folder given, or from the one that their imports are relative to; a file given by itself from the folder that its package starts in. In a buf workspace, with buf at hand and neither -I nor --protoc given, buf decides.",
    "Files in the way: only files with a @generated header of gen-stubs or protoc-gen-es are overwritten. Orphans, for --clean and --check, are stubs with our header, and messages whose header names the option elide_plugin_version=true, which gen-stubs sets, and the .proto file that belongs in that place. Line endings (git's autocrlf) and tool versions in headers are no drift.",
  ],
  async run(values, io) {
    const options = toOptions(values);
    return print(await runWithProgress(options, io), options, io);
  },
};

async function runWithProgress(options: Options, io: Io): Promise<Result> {
  const { runCommand } = await import("../command.js");
  const progress = options.quiet || options.json ? silent : createProgress(io.stderr);
  try {
    return await runCommand(options, progress, io.cwd);
  } finally {
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
