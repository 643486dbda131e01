import { manifestName } from "../output/manifest.js";
import { plural } from "./stats.js";

/** What a note is made from; all names relative to the output folder. */
export interface NoteFacts {
  readonly mode: "write" | "check" | "dry-run";
  readonly clean: boolean;
  /** Names of all outputs of this run. */
  readonly outputs: readonly string[];
  readonly orphaned: readonly string[];
  readonly unclaimed: readonly string[];
  /** Other runs into the folder; their inputs as they are to be shown. */
  readonly others: readonly { readonly from: readonly string[]; readonly fileCount: number; readonly gone: boolean }[];
}

const maxNames = 5;

/** What a user should know of files in the output folder that this run did not write. */
export function noteTexts(facts: NoteFacts): readonly string[] {
  const { mode, clean, outputs, orphaned, unclaimed, others } = facts;
  const notes: string[] = [];
  if (orphaned.length > 0 && mode !== "check" && !clean) {
    const are = orphaned.length === 1 ? "is" : "are";
    notes.push(
      `${plural(orphaned.length, "file")} of earlier runs ${are} not generated any more, and still ${are} there: ${some(orphaned)}. Remove with --clean.`,
    );
    const moves = movesOf(orphaned, outputs);
    if (moves.length > 0) notes.push(`Moved, because the import names changed: ${some(moves)}.`);
  }
  if (unclaimed.length > 0 && mode !== "check") {
    notes.push(
      `${plural(unclaimed.length, "generated file")} of no run that ${manifestName} knows: ${some(unclaimed)}. gen-stubs leaves them alone: run what generates them, or delete them.`,
    );
  }
  for (const { from, fileCount, gone } of others) {
    const whose = `${plural(fileCount, "file")} of another run, over ${from.join(", ")}`;
    if (gone) notes.push(`${whose}, which is not there any more. Delete them if that run is not to come back.`);
    else if (clean) notes.push(`${whose}: left alone.`);
  }
  return notes;
}

/** Outputs that lie in another folder than before: `a_pb.ts → acme/v1/a_pb.ts`. */
function movesOf(orphaned: readonly string[], outputs: readonly string[]): readonly string[] {
  return orphaned.flatMap((old) => {
    const now = outputs.find((name) => name.endsWith(`/${old}`) || old.endsWith(`/${name}`));
    return now === undefined ? [] : [`${old} → ${now}`];
  });
}

function some(names: readonly string[]): string {
  const more = names.length - maxNames;
  return more > 0 ? `${names.slice(0, maxNames).join(", ")} and ${more} more` : names.join(", ");
}
