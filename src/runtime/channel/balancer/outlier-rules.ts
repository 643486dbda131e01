import type { OutlierRules } from "./outlier-options.js";

/** How the calls of one server ended in one interval. */
export interface Counts {
  readonly succeeded: number;
  readonly failed: number;
}

/** The servers whose share of good calls is too far below the mean (gRFC A50, "success rate algorithm"). */
export function bySuccessRate(counts: readonly Counts[], rules: NonNullable<OutlierRules["successRate"]>): number[] {
  const counted = enough(counts, rules.requestVolume);
  if (counted.length < rules.minimumHosts) return [];
  const rates = counted.map((index) => successRate(counts[index]!));
  const mean = rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
  const variance = rates.reduce((sum, rate) => sum + (rate - mean) ** 2, 0) / rates.length;
  const required = mean - Math.sqrt(variance) * (rules.stdevFactor / 1000);
  return counted.filter((_, position) => rates[position]! < required);
}

/** The servers of whose calls too many failed (gRFC A50, "failure percentage algorithm"). */
export function byFailures(counts: readonly Counts[], rules: NonNullable<OutlierRules["failurePercentage"]>): number[] {
  const counted = enough(counts, rules.requestVolume);
  if (counted.length < rules.minimumHosts) return [];
  return counted.filter((index) => 100 * (1 - successRate(counts[index]!)) > rules.threshold);
}

/** Indexes of the servers with as many calls. */
function enough(counts: readonly Counts[], requestVolume: number): number[] {
  const indexes = counts.map((_, index) => index);
  return indexes.filter((index) => total(counts[index]!) > 0 && total(counts[index]!) >= requestVolume);
}

function total({ succeeded, failed }: Counts): number {
  return succeeded + failed;
}

function successRate(counts: Counts): number {
  return counts.succeeded / total(counts);
}
