import { resolve } from "node:path";
import type { Cache } from "../cache/cache.js";
import { compile } from "../compile/compile.js";
import { displayPath } from "../compile/paths.js";
import { optionValue } from "../descriptors/plugin-option.js";
import { messageGenerators } from "../messages/index.js";
import type { MessageGenerator } from "../messages/message-generator.js";
import type { ScriptProcesses } from "../messages/script-processes.js";
import { fixCommand } from "./fix-command.js";
import { formatFiles } from "./format/formatter.js";
import { generate } from "./generate.js";
import { checkInterruption } from "./interruption.js";
import { followCase } from "./output/follow-case.js";
import { removeOrphans } from "./output/orphans.js";
import { hasManifest, planOwnership } from "./output/ownership-plan.js";
import { type PlannedFile, planOutputs } from "./output/plan.js";
import { describeRun } from "./output/run-record.js";
import { writeOutputs } from "./output/write.js";
import { inferOptions } from "./project/infer-options.js";
import { installCommand } from "./project/missing-packages.js";
import { nearestPackage } from "./project/nearest-package.js";
import { staleDiffs } from "./report/diff.js";
import { noteTexts } from "./report/notes.js";
import type { Progress } from "./report/progress.js";
import { hasDrift, type Result } from "./report/result.js";
import { settle } from "./settings.js";
import type { Options } from "./usage/options.js";

// Endings of stub files; each message generator names its own.
const stubEndings = ["_grpc", "_k6", "_codec"].flatMap((ending) =>
  [".ts", ".js", ".d.ts"].map((kind) => ending + kind),
);

/** The environment of a run: its folder, the listener of its progress, the caches of earlier runs. */
export interface RunContext {
  readonly cwd: string;
  readonly progress: Progress;
  readonly cache: Cache;
  readonly processes: ScriptProcesses;
  /** Ends the run as long as nothing has been written; writing is not cut in half. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs the command: compile, generate in memory, compare with the output folder, then write, or only say what differs.
 *
 * @throws GenStubsError with whatever is wrong; nothing has been written then. The signal's reason when aborted.
 */
export async function runCommand(options: Options, context: RunContext): Promise<Result> {
  const { cwd, progress, cache, processes, signal } = context;
  const started = performance.now();
  const generator = findGenerator(options.messages);
  const out = resolve(cwd, options.out);
  const project = nearestPackage(out);
  const settings = settle(options, generator, await inferOptions(out, project));
  const onStart = (count: number): void => progress.stage("compiling", count);
  const compiled = await compile({ ...options, cwd, cache, signal, onStart });
  const {
    outputs: made,
    counts,
    warnings,
  } = await generate(compiled, {
    ...settings,
    cwd,
    generator,
    includeImports: options.includeImports,
    cache,
    processes,
    progress,
    signal,
  });
  const formatting = { out, project: project?.folder ?? cwd, signal };
  if (options.formatWith !== undefined) progress.stage("formatting", made.length);
  const outputs = options.formatWith === undefined ? made : await formatFiles(options.formatWith, made, formatting);
  progress.stage("comparing", outputs.length);
  const planned = planOutputs(out, outputs);
  const search = options.check || options.clean || !hasManifest(out);
  const ownership = planOwnership(
    out,
    planned,
    describeRun(options, compiled, out, cwd),
    compiled.generate,
    search ? [...stubEndings, ...generator.endings] : undefined,
    cwd,
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
  const found = {
    missing: names("missing"),
    stale: names("stale"),
    layout: names("layout"),
    orphaned,
    unclaimed,
  };
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
    sources: [...compiled.paths.values(), ...compiled.imports],
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

/** The message generator of that name, which was checked as the command line was read. */
export function findGenerator(name: string): MessageGenerator {
  const generator = messageGenerators.get(name);
  if (generator === undefined) throw new Error(`no message generator "${name}"`);
  return generator;
}

function driftText(found: Pick<Result, "missing" | "stale" | "layout" | "orphaned" | "unclaimed">): string {
  const { missing, stale, layout, orphaned, unclaimed } = found;
  const formatted = layout.length > 0 ? `, ${layout.length} formatted` : "";
  const others = unclaimed.length > 0 ? `, ${unclaimed.length} unclaimed` : "";
  return `${missing.length} missing, ${stale.length} stale${formatted}, ${orphaned.length} orphaned${others}`;
}
