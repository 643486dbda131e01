import { exitCodes } from "../../errors/exit-codes.js";
import { type Fault, GenStubsError } from "../../errors/gen-stubs-error.js";
import { registry } from "../../errors/registry.js";
import type { Result } from "./result.js";

/** How the run of one output ended: with a result, which may be drift, or with what was wrong. */
export interface Outcome {
  readonly result: Result | undefined;
  readonly faults: readonly Fault[];
}

/** @throws whatever is no fault of the user's. */
export async function outcomeOf(run: () => Promise<Result>): Promise<Outcome> {
  try {
    const result = await run();
    return { result, faults: result.faults };
  } catch (error) {
    if (!(error instanceof GenStubsError)) throw error;
    return { result: undefined, faults: error.faults };
  }
}

/** That of the first fault. */
export function exitCodeOf(outcomes: readonly Outcome[]): number {
  const first = outcomes.flatMap(({ faults }) => faults)[0];
  return exitCodes[first === undefined ? "ok" : registry[first.code].exit].code;
}
