import type { Subchannel } from "../../transport/routing.js";

/** The most reasons in one error text: a list of a thousand servers would not be read. */
const MOST_TOLD = 8;

/** Why servers cannot be reached, for people; "" where none failed. */
export function failuresOf(subchannels: Iterable<Subchannel>): string {
  const reasons = new Set<string>();
  for (const { lastFailure } of subchannels) {
    if (lastFailure === "" || reasons.has(lastFailure)) continue;
    if (reasons.size === MOST_TOLD) return `${[...reasons].join("; ")}; and others`;
    reasons.add(lastFailure);
  }
  return [...reasons].join("; ");
}
