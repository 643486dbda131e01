import { availableParallelism } from "node:os";
import { encodeRequest } from "../descriptors/request.js";
import type { GeneratedFile } from "../descriptors/response.js";
import { type CostModel, inParallel, partLimit, splitByCost, totalCost } from "./chunks.js";
import type { MessageJob } from "./message-generator.js";
import { runPluginProcess } from "./plugin-process.js";
import { coldProcesses } from "./script-processes.js";

/** A generator's own process, and what it costs. */
export interface PartedTool {
  readonly tool: string;
  /** The plugin's script, for Node. */
  readonly script: string;
  readonly parameter: string;
  readonly cost: CostModel;
  /** The least work that is worth a process, and the most for one. */
  readonly minCost: number;
  readonly maxCost: number;
}

/**
 * Runs a generator on parts of the files, a process each, as many at a time as there are processors.
 *
 * @throws GenStubsError GS4002, GS4003.
 */
export async function runInParts(job: MessageJob, run: PartedTool): Promise<readonly GeneratedFile[]> {
  const { files, generate, processes = coldProcesses } = job;
  const processors = availableParallelism();
  const limit = partLimit(totalCost(files, generate, run.cost), processors, run.minCost, run.maxCost);
  const parts = splitByCost(files, generate, run.cost, limit);
  const results = await inParallel(parts, processors, async (names) => {
    const request = encodeRequest(files, names, run.parameter);
    const made = await runPluginProcess(run.tool, run.script, request, processes, job.signal);
    job.onProgress?.(names.length);
    return made;
  });
  return results.flat();
}
