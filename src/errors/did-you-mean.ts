import { closest, distance } from "fastest-levenshtein";

/** ` (did you mean "…"?)` where one of the known words is near enough, else nothing. */
export function didYouMean(given: string, known: readonly string[]): string {
  if (known.length === 0) return "";
  const best = closest(given, known);
  return distance(given, best) <= Math.max(1, Math.round(best.length * 0.4)) ? ` (did you mean "${best}"?)` : "";
}
