import type { DescriptorFile, FileSet } from "../descriptors/file-set.js";

/** How long a generator takes for a file, in milliseconds, roughly: only the proportions matter. */
export type CostModel = (file: DescriptorFile) => number;

/**
 * Deals files out to parts of about equal cost, the dearest first, each to the part with the least so far. The result
 * depends on the input alone.
 */
export function splitByCost(
  files: FileSet,
  names: readonly string[],
  cost: CostModel,
  count: number,
): readonly (readonly string[])[] {
  const dealt = names.map((name) => ({ name, cost: costOf(files, name, cost) }));
  const parts = Array.from({ length: Math.max(1, Math.min(count, names.length)) }, () => ({
    names: [] as string[],
    cost: 0,
  }));
  for (const file of dealt.sort((a, b) => b.cost - a.cost || (a.name < b.name ? -1 : 1))) {
    const least = parts.reduce((a, b) => (b.cost < a.cost ? b : a));
    least.names.push(file.name);
    least.cost += file.cost;
  }
  return parts.map((part) => part.names).filter((part) => part.length > 0);
}

/**
 * How many parts to run: one for little work, as many as there are processors once each has enough to do to be worth a
 * process, and more where the parts would get so large that neither progress nor memory is good.
 */
export function partCount(totalCost: number, processors: number, minCost: number, maxCost: number): number {
  return Math.max(1, Math.min(processors, Math.floor(totalCost / minCost)), Math.ceil(totalCost / maxCost));
}

/** The cost of all files named. */
export function totalCost(files: FileSet, names: readonly string[], cost: CostModel): number {
  return names.reduce((sum, name) => sum + costOf(files, name, cost), 0);
}

function costOf(files: FileSet, name: string, cost: CostModel): number {
  const file = files.get(name);
  return file === undefined ? 0 : cost(file);
}

/** Runs a task for each item, at most `width` at a time; results keep the order of the items. */
export async function inParallel<Item, Out>(
  items: readonly Item[],
  width: number,
  task: (item: Item) => Promise<Out>,
): Promise<readonly Out[]> {
  const results = new Array<Out>(items.length);
  const queue = items.entries();
  let failed = false;
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) {
      if (failed) return;
      try {
        results[index] = await task(item);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
  return results;
}
