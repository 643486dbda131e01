import { join } from "node:path";
import type { Fault } from "../../errors/gen-stubs-error.js";
import type { Outcome } from "./outcome.js";

/** The faults of a run, for tools that show them beside files: drift is told for each file. */
export function findings({ result, faults }: Outcome): readonly Fault[] {
  if (result === undefined || faults.length === 0) return faults;
  const drift = (names: readonly string[], what: string, hint = result.fix): readonly Fault[] =>
    names.map((name) => ({
      code: "GS6001",
      message: `this generated file ${what}`,
      file: join(result.out, name),
      ...(hint === undefined ? {} : { hint }),
    }));
  return [
    ...drift(result.missing, "is missing"),
    ...drift(result.stale, "is out of date"),
    ...drift(result.layout, "has another layout than the one generated"),
    ...drift(result.orphaned, "is generated no more"),
    ...drift(result.unclaimed, "is of no run that the manifest knows", "run what generates it, or delete it"),
  ];
}
