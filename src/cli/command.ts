import { resolve } from "node:path";
import { compile } from "../compile/compile.js";
import { displayPath } from "../compile/paths.js";
import { optionValue } from "../descriptors/plugin-option.js";
import { messageGenerators } from "../messages/index.js";
import type { MessageGenerator } from "../messages/message-generator.js";
import { fixCommand } from "./fix-command.js";
import { generate } from "./generate.js";
import { checkInterruption } from "./interruption.js";
import { followCase } from "./output/follow-case.js";
import { removeOrphans } from "./output/orphans.js";
import { hasManifest, planOwnership } from "./output/ownership-plan.js";
import { type PlannedFile, planOutputs } from "./output/plan.js";
import { describeRun } from "./output/run-record.js";
import { writeOutputs } from "./output/write.js";
import { inferImportExtension } from "./project/import-extension.js";
import { installCommand } from "./project/missing-packages.js";
import { nearestPackage } from "./project/nearest-package.js";
import { staleDiffs } from "./report/diff.js";
import { noteTexts } from "./report/notes.js";
import type { Progress } from "./report/progress.js";
import { hasDrift, type Result } from "./report/result.js";
import { settle } from "./settings.js";
import type { Options } from "./usage/options.js";

// Endings of stub files; each message generator names its own.
const stubEndings = ["_grpc", "_k6"].flatMap((ending) => [".ts", ".js", ".d.ts"].map((kind) => ending + kind));

/**
 * Runs the command: compile, generate in memory, compare with the output folder, then write, or only say what differs.
 *
 * @param signal ends the run as long as nothing has been written; writing is not cut in half
 * @throws GenStubsError with whatever is wrong; nothing has been written then. The signal's reason when aborted.
 */
export async function runCommand(
  options: Options,
  progress: Progress,
  cwd: string,
  signal?: AbortSignal,
): Promise<Result> {
  const started = performance.now();
  const generator = findGenerator(options.messages);
  const out = resolve(cwd, options.out);
  const project = nearestPackage(out);
  const given = optionValue([...options.opt, ...options.messagesOpt], "import_extension");
  const extension = given === undefined ? (await inferImportExtension(out, project)).value : "none";
  const settings = settle(options, generator, extension);
  const compiled = await compile({ ...options, cwd, signal, onStart: (count) => progress.stage("compiling", count) });
  const { outputs, counts, warnings } = await generate(compiled, {
    ...settings,
    cwd,
    generator,
    includeImports: options.includeImports,
    progress,
    signal,
  });
  progress.stage("comparing", outputs.length);
  const planned = planOutputs(out, outputs);
  const search = options.check || options.clean || !hasManifest(out);
  const ownership = planOwnership(
    out,
    planned,
    describeRun(options, compiled, out, cwd),
    compiled.generate,
    search ? [...stubEndings, ...generator.endings] : undefined,
  );
  const { orphans: orphaned, unclaimed } = ownership;
  await checkInterruption(signal);
  if (!options.check && !options.dryRun) {
    // No turn of the event loop lies between these lines.
    followCase(out, planned);
    writeOutputs(planned);
    if (options.clean) removeOrphans(out, orphaned);
    writeOutputs([ownership.manifest(options.clean)]);
  }
  const mode = options.check ? "check" : options.dryRun ? "dry-run" : "write";
  const names = (state: PlannedFile["state"]): string[] => planned.filter((f) => f.state === state).map((f) => f.name);
  const found = { missing: names("missing"), stale: names("stale"), orphaned, unclaimed };
  const drift = options.check && hasDrift(found);
  const others = ownership.others.map((run) => ({
    ...run,
    from: run.from.map((path) => displayPath(resolve(out, path), cwd)),
  }));
  return {
    ...found,
    mode,
    clean: options.clean,
    notes: noteTexts({ ...found, mode, clean: options.clean, outputs: planned.map(({ name }) => name), others }),
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
    fix: drift && hasDrift({ ...found, unclaimed: [] }) ? fixCommand(options, orphaned.length > 0) : undefined,
    faults: drift ? [{ code: "GS6001", message: driftText(found), file: displayPath(out, cwd) }] : [],
  };
}

function findGenerator(name: string): MessageGenerator {
  const generator = messageGenerators.get(name);
  if (generator === undefined) throw new Error(`no message generator "${name}"`);
  return generator;
}

function driftText(found: Pick<Result, "missing" | "stale" | "orphaned" | "unclaimed">): string {
  const { missing, stale, orphaned, unclaimed } = found;
  const others = unclaimed.length > 0 ? `, ${unclaimed.length} unclaimed` : "";
  return `${missing.length} missing, ${stale.length} stale, ${orphaned.length} orphaned${others}`;
}
