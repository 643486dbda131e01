import { exitCodes } from "../../errors/exit-codes.js";
import { type Fault, GenStubsError } from "../../errors/gen-stubs-error.js";
import type { Result } from "./result.js";

/** How the run of one output ended: with a result, which may be drift, or with what was wrong. */
export interface Outcome {
  readonly result: Result | undefined;
  readonly faults: readonly Fault[];
  readonly exitCode: number;
}

/** @throws whatever is no fault of the user's. */
export async function outcomeOf(run: () => Promise<Result>): Promise<Outcome> {
  try {
    const result = await run();
    const { faults } = result;
    return { result, faults, exitCode: exitCodes[faults.length > 0 ? "failed" : "ok"].code };
  } catch (error) {
    if (!(error instanceof GenStubsError)) throw error;
    return failureOf(error);
  }
}

/** The outcome of a run that an error ended. */
export function failureOf({ faults, exitCode }: GenStubsError): Outcome {
  return { result: undefined, faults, exitCode };
}

/** That of the first run that did not end well. */
export function exitCodeOf(outcomes: readonly Outcome[]): number {
  return outcomes.find(({ exitCode }) => exitCode !== exitCodes.ok.code)?.exitCode ?? exitCodes.ok.code;
}
