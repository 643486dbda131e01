import type { Result } from "./results.js";

/** A difference we know of and cannot mend, with the reason. What is left out matches all. */
export interface Known extends Partial<Pick<Result, "peer" | "ours" | "transport">> {
  readonly suite: string;
  readonly name: string | RegExp;
  readonly reason: string;
  /** It depends on timing: passing is fine too. */
  readonly sometimes?: boolean;
}

export const known: readonly Known[] = [];
