import type { FileSet } from "../descriptors/file-set.js";

/**
 * Deals files out to parts of about equal cost, the largest first, each to the part with the least so far. The order of
 * the result is settled by the input alone.
 *
 * @param maxParts as many parts at most
 * @param minCost a part smaller than this is not worth a process of its own
 */
export function splitByCost(
  files: FileSet,
  names: readonly string[],
  maxParts: number,
  minCost: number,
): readonly (readonly string[])[] {
  const costs = names.map((name) => ({ name, cost: (files.get(name)?.typeBytes ?? 0) + fileOverhead }));
  const total = costs.reduce((sum, { cost }) => sum + cost, 0);
  const count = Math.max(1, Math.min(maxParts, names.length, Math.floor(total / minCost)));
  const parts = Array.from({ length: count }, () => ({ names: [] as string[], cost: 0 }));
  for (const { name, cost } of costs.sort((a, b) => b.cost - a.cost || (a.name < b.name ? -1 : 1))) {
    const least = parts.reduce((a, b) => (b.cost < a.cost ? b : a));
    least.names.push(name);
    least.cost += cost;
  }
  return parts.map((part) => part.names).filter((part) => part.length > 0);
}

// What a file costs beside its types, in the same unit: bytes of types.
const fileOverhead = 500;
