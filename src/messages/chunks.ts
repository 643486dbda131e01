import type { DescriptorFile, FileSet } from "../descriptors/file-set.js";

/** How long a generator takes for a file, in milliseconds, roughly: only the proportions matter. */
export type CostModel = (file: DescriptorFile) => number;

/**
 * Cuts files into parts of about `limit` each, in the order of their names: neighbours share most of what they import, and
 * each part's process has to read all that its files import. A file dearer than the limit is a part of its own. The
 * dearest parts come first, so that the last to end is not one that began late.
 */
export function splitByCost(
  files: FileSet,
  names: readonly string[],
  cost: CostModel,
  limit: number,
): readonly (readonly string[])[] {
  const parts: { readonly names: string[]; cost: number }[] = [];
  let open: { readonly names: string[]; cost: number } | undefined;
  for (const name of [...names].sort()) {
    const own = costOf(files, name, cost);
    if (own >= limit) {
      parts.push({ names: [name], cost: own });
      continue;
    }
    if (open === undefined || open.cost >= limit) {
      open = { names: [], cost: 0 };
      parts.push(open);
    }
    open.names.push(name);
    open.cost += own;
  }
  return parts.sort((a, b) => b.cost - a.cost).map((part) => part.names);
}

/**
 * What a part should cost: all of it for little work, an equal share for each processor once that is worth a process, and
 * never so much that neither progress nor memory is good.
 */
export function partLimit(total: number, processors: number, minCost: number, maxCost: number): number {
  const count = Math.max(1, Math.min(processors, Math.floor(total / minCost)), Math.ceil(total / maxCost));
  return total / count;
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
