import { resolve } from "node:path";
import { compile } from "../compile/compile.js";
import { displayPath } from "../compile/proto-roots.js";
import { optionValue } from "../descriptors/plugin-option.js";
import { messageGenerators } from "../messages/index.js";
import type { MessageGenerator } from "../messages/message-generator.js";
import { fixCommand } from "./fix-command.js";
import { generate } from "./generate.js";
import { findOrphans, removeOrphans } from "./output/orphans.js";
import { type PlannedFile, planOutputs } from "./output/plan.js";
import { writeOutputs } from "./output/write.js";
import { inferImportExtension } from "./project/import-extension.js";
import { installCommand } from "./project/missing-packages.js";
import { nearestPackage } from "./project/nearest-package.js";
import { staleDiffs } from "./report/diff.js";
import type { Progress } from "./report/progress.js";
import { hasDrift, type Result } from "./report/result.js";
import { settle } from "./settings.js";
import type { Options } from "./usage/options.js";

// Endings of stub files; each message generator names its own.
const stubEndings = ["_grpc", "_k6", "_codec"].flatMap((ending) =>
  [".ts", ".js", ".d.ts"].map((kind) => ending + kind),
);

/**
 * Runs the command: compile, generate in memory, compare with the output folder, then write, or only say what differs.
 *
 * @throws GenStubsError with whatever is wrong; nothing has been written then.
 */
export async function runCommand(options: Options, progress: Progress, cwd: string): Promise<Result> {
  const started = performance.now();
  const generator = findGenerator(options.messages);
  const out = resolve(cwd, options.out);
  const project = nearestPackage(out);
  const given = optionValue([...options.opt, ...options.messagesOpt], "import_extension");
  const extension = given === undefined ? (await inferImportExtension(out, project)).value : "none";
  const settings = settle(options, generator, extension);
  const compiled = await compile({ ...options, cwd, onStart: (count) => progress.stage("compiling", count) });
  const { outputs, counts, warnings } = await generate(compiled, {
    ...settings,
    cwd,
    generator,
    includeImports: options.includeImports,
    progress,
  });
  progress.stage("comparing", outputs.length);
  const planned = planOutputs(out, outputs);
  const orphaned = options.check || options.clean ? orphansOf(out, planned, generator) : [];
  if (!options.check && !options.dryRun) {
    writeOutputs(planned);
    removeOrphans(out, orphaned);
  }
  const names = (state: PlannedFile["state"]): string[] => planned.filter((f) => f.state === state).map((f) => f.name);
  const found = { missing: names("missing"), stale: names("stale"), orphaned };
  const drift = options.check && hasDrift(found);
  return {
    ...found,
    mode: options.check ? "check" : options.dryRun ? "dry-run" : "write",
    out: displayPath(out, cwd),
    protoFiles: compiled.generate.length,
    outputs: planned.length,
    unchanged: names("same").length,
    counts,
    compiler: compiled.compiler,
    importExtension: optionValue(settings.stubs, "import_extension") ?? "none",
    durationMs: performance.now() - started,
    warnings: [...compiled.warnings, ...warnings],
    install: installCommand(project),
    diffs: drift ? await staleDiffs(planned) : [],
    fix: drift ? fixCommand(options, orphaned.length > 0) : undefined,
    faults: drift ? [{ code: "GS6001", message: driftText(found), file: displayPath(out, cwd) }] : [],
  };
}

function findGenerator(name: string): MessageGenerator {
  const generator = messageGenerators.get(name);
  if (generator === undefined) throw new Error(`no message generator "${name}"`);
  return generator;
}

function orphansOf(out: string, planned: readonly PlannedFile[], generator: MessageGenerator): readonly string[] {
  return findOrphans(out, new Set(planned.map((file) => file.name)), [...stubEndings, ...generator.endings]);
}

function driftText(found: Pick<Result, "missing" | "stale" | "orphaned">): string {
  return `${found.missing.length} missing, ${found.stale.length} stale, ${found.orphaned.length} orphaned`;
}
