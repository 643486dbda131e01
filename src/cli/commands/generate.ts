import { noCache } from "../../cache/cache.js";
import { exitCodes } from "../../errors/exit-codes.js";
import { coldProcesses } from "../../messages/script-processes.js";
import { findOutputs } from "../config/find-outputs.js";
import { printedConfig } from "../config/print-config.js";
import { listenForInterruption } from "../interruption.js";
import type { Io } from "../io.js";
import { type Outcome, outcomeOf } from "../report/outcome.js";
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
    "Import names: a file below a --proto-path is named from there, as protoc does. Other files are named from the folder given, or from one above where their package starts there, or from the one that their imports are relative to: a folder, or the path of their Go module. Links are followed, and a file counts once. In a buf workspace, with buf at hand and neither -I nor --protoc given, buf decides.",
    "Files in the way: only files with a @generated header of gen-stubs or protoc-gen-es are overwritten. Which run wrote which files is kept beside them, in .gen-stubs-manifest.json: several runs may share --out, and none calls the files of another its orphans, or removes them. Line endings (git's autocrlf) and tool versions in headers are no drift.",
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
    return printReport(outputs[0].format, await runAll(outputs, io), io, outputs[0]);
  },
};

/** A signal ends the run it finds, and the outputs after it are not begun. */
async function runAll(outputs: readonly Options[], io: Io): Promise<readonly Outcome[]> {
  const { signal, stop } = listenForInterruption();
  const outcomes: Outcome[] = [];
  try {
    for (const options of outputs) {
      outcomes.push(await outcomeOf(() => runWithProgress(options, io, signal)));
      if (signal.aborted) break;
    }
  } finally {
    stop();
  }
  return outcomes;
}

async function runWithProgress(options: Options, io: Io, signal: AbortSignal): Promise<Result> {
  const [{ runCommand }, { projectCache }] = await Promise.all([
    import("../command.js"),
    import("../project/project-cache.js"),
  ]);
  const cache = options.cache ? projectCache(io.cwd) : noCache;
  const progress = options.quiet || options.format !== "text" ? silent : createProgress(io.stderr);
  try {
    return await runCommand(options, { cwd: io.cwd, progress, cache, processes: coldProcesses, signal });
  } finally {
    progress.stop();
  }
}
