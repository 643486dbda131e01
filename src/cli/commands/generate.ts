import { noCache } from "../../cache/cache.js";
import { exitCodes } from "../../errors/exit-codes.js";
import { coldProcesses } from "../../messages/script-processes.js";
import { findOutputs } from "../config/find-outputs.js";
import { printedConfig } from "../config/print-config.js";
import type { Io } from "../io.js";
import { outcomeOf } from "../report/outcome.js";
import { printReport } from "../report/print-report.js";
import { createProgress, silent } from "../report/progress.js";
import type { Result } from "../report/result.js";
import { briefUsage } from "../usage/brief.js";
import { flags } from "../usage/flags.js";
import type { Options } from "../usage/options.js";
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
    ["", "what the config file says"],
    ["--watch", "that too, and again whenever a file changes"],
  ],
  notes: [
    "Import names: a file below a --proto-path is named from there, as protoc does. Other files are named from the folder given, or from the one that their imports are relative to; a file given by itself from the folder that its package starts in. In a buf workspace, with buf at hand and neither -I nor --protoc given, buf decides.",
    "Files in the way: only files with a @generated header of gen-stubs or protoc-gen-es are overwritten. Orphans, for --clean and --check, are stubs with our header, and messages whose header names the option elide_plugin_version=true, which gen-stubs sets, and the .proto file that belongs in that place. Line endings (git's autocrlf) and tool versions in headers are no drift.",
    'Config: gen-stubs.config.ts (or .mts, .js, .mjs, .json) or the key gen-stubs in package.json says what to generate, with the flags above in camelCase and paths relative to it: { paths, out, protoPath, opt: { target: "js" }, … }, or several of these as outputs: [ … ]. Flags count more.',
  ],
  async run(values, io) {
    const found = await findOutputs(values, io.cwd);
    if (found === undefined) {
      io.stderr.write(briefUsage(this));
      return exitCodes.usage.code;
    }
    const { outputs } = found;
    if (values.flag("print-config")) {
      io.stdout.write(printedConfig(outputs));
      return exitCodes.ok.code;
    }
    if (values.flag("watch")) return (await import("../watch/watch.js")).watch(values, found, io);
    const outcomes = [];
    for (const options of outputs) outcomes.push(await outcomeOf(() => runWithProgress(options, io)));
    return printReport(outputs[0].format, outcomes, io, outputs[0]);
  },
};

async function runWithProgress(options: Options, io: Io): Promise<Result> {
  const [{ runCommand }, { projectCache }] = await Promise.all([
    import("../command.js"),
    import("../project/project-cache.js"),
  ]);
  const cache = options.cache ? projectCache(io.cwd) : noCache;
  const progress = options.quiet || options.format !== "text" ? silent : createProgress(io.stderr);
  try {
    return await runCommand(options, { cwd: io.cwd, progress, cache, processes: coldProcesses });
  } finally {
    progress.stop();
  }
}
