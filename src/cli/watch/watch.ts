import { statSync } from "node:fs";
import { noCache } from "../../cache/cache.js";
import { memoryCache } from "../../cache/memory-cache.js";
import { exitCodes } from "../../errors/exit-codes.js";
import { GenStubsError } from "../../errors/gen-stubs-error.js";
import { WarmProcesses } from "../../messages/script-processes.js";
import { findGenerator, type RunContext, runCommand } from "../command.js";
import { findOutputs, type Outputs } from "../config/find-outputs.js";
import { listenForInterruption } from "../interruption.js";
import type { Io } from "../io.js";
import { projectCache } from "../project/project-cache.js";
import { failureOf, type Outcome, outcomeOf } from "../report/outcome.js";
import { shownFrom } from "../report/print-report.js";
import { silent } from "../report/progress.js";
import type { Values } from "../usage/values.js";
import { changedFiles, fileStates } from "./file-states.js";
import { Repeater } from "./repeater.js";
import { Screen } from "./screen.js";
import { SourceWatcher } from "./source-watcher.js";

/**
 * Generates, and again whenever an input, an import or the config changes, until the process is told to end. What is wrong
 * is told and ends nothing.
 *
 * @param values the command line: the config is read anew when it changes
 * @param first what the config said at the start
 */
export async function watch(values: Values, first: Outputs, io: Io): Promise<number> {
  const screen = new Screen(io);
  const processes = new WarmProcesses();
  const cache = memoryCache(first.outputs[0].cache ? projectCache(io.cwd) : noCache);
  const interruption = listenForInterruption();
  const { signal } = interruption;
  const context: RunContext = { cwd: io.cwd, progress: silent, cache, processes, signal };
  let current = first;
  let sources: readonly string[] = [];
  let second: NodeJS.Timeout | undefined;
  const repeater = new Repeater(async (changed) => {
    const [started, startTime] = [performance.now(), Date.now()];
    const before = fileStates(new Set([...sources, ...changed]));
    const outcomes = await outcomesOf(async () => {
      if (current.config !== undefined && changed.has(current.config)) {
        current = (await findOutputs(values, io.cwd)) ?? current;
      }
      await watcher.follow(current, []);
      return await runAll(current, context);
    });
    if (signal.aborted) return;
    const ms = performance.now() - started;
    const read = outcomes.flatMap(({ result }) => result?.sources ?? []);
    if (outcomes.every(({ result }) => result !== undefined)) sources = read;
    const fresh = await watcher.follow(current, read);
    screen.show(
      outcomes.map((outcome) => shownFrom(io.cwd, outcome)),
      { quiet: current.outputs[0].quiet, asked: !changed.has(recheck) || changed.size > 1, ms },
    );
    // Imports are known only now: one that changed since the run read it was not watched then.
    if (fresh.some((path) => changedSince(path, startTime))) repeater.changed(recheck);
    clearTimeout(second);
    second = setTimeout(() => {
      for (const path of changedFiles(before)) repeater.changed(path);
    }, secondLookMs);
    for (const { messages } of current.outputs) processes.prepare(findGenerator(messages).script());
  });
  const watcher = new SourceWatcher(io.cwd, (path) => repeater.changed(path));
  try {
    // Before the first run, so that nothing that changes during it is missed.
    await watcher.follow(first, []);
    repeater.changed(io.cwd);
    screen.begin(first.outputs);
    await ended(repeater, signal);
  } finally {
    clearTimeout(second);
    interruption.stop();
    await watcher.close();
    processes.dispose();
  }
  return exitCodes.ok.code;
}

/**
 * The watcher tells of a file once in 50 ms: what is saved right after a run has read it (by a formatter, say) is not told. So
 * long after each run, its files are looked at once more.
 */
const secondLookMs = 100;

/** A placeholder for the change in a run that no change caused. */
const recheck = "";

/** File systems keep times this exactly, or better (FAT: 2 s). */
const timeGrainMs = 2_000;

function changedSince(path: string, time: number): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats === undefined || stats.mtimeMs > time - timeGrainMs;
}

async function runAll({ outputs }: Outputs, context: RunContext): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const options of outputs) {
    outcomes.push(await outcomeOf(() => runCommand(options, context)));
    if (context.signal?.aborted === true) break;
  }
  return outcomes;
}

/** A config that cannot be used is told like anything else. */
async function outcomesOf(run: () => Promise<readonly Outcome[]>): Promise<readonly Outcome[]> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof GenStubsError)) throw error;
    return [failureOf(error)];
  }
}

/** Waits for a signal, or for a run to break. The run that a signal finds is ended, or has written all it had to. */
async function ended(repeater: Repeater, signal: AbortSignal): Promise<void> {
  const told = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
  await Promise.race([told, repeater.broken]);
  await repeater.stop();
}
