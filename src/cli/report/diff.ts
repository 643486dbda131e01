import { normalize, sameContent } from "../output/compare.js";
import type { PlannedFile } from "../output/plan.js";

const maxFiles = 3;
const maxLines = 24;
/** A line of a patch is cut here: protoc-gen-es writes a whole descriptor into one. */
const maxColumns = 160;

/** Short unified diffs of the first stale files, from what is on disk to what would be written. */
export async function staleDiffs(planned: readonly PlannedFile[]): Promise<readonly string[]> {
  const stale = planned.filter((file) => file.state === "stale").slice(0, maxFiles);
  if (stale.length === 0) return [];
  const { createTwoFilesPatch, FILE_HEADERS_ONLY } = await import("diff");
  return stale.map((file) => {
    if (file.spelled !== undefined && sameContent(file.disk ?? "", file.content)) {
      return `${file.spelled} (on disk) is to be ${file.name}: the case of letters alone differs\n`;
    }
    const patch = createTwoFilesPatch(
      `${file.name} (on disk)`,
      `${file.name} (generated)`,
      normalize(file.disk ?? ""),
      normalize(file.content),
      undefined,
      undefined,
      { context: 2, timeout: 1_000, headerOptions: FILE_HEADERS_ONLY },
    );
    // The library gives up on texts too far apart.
    if (patch === undefined) return `${file.name}: everything differs\n`;
    const lines = patch.trimEnd().split("\n").map(cut);
    if (lines.length <= maxLines) return `${lines.join("\n")}\n`;
    return `${lines.slice(0, maxLines).join("\n")}\n… ${lines.length - maxLines} more lines\n`;
  });
}

function cut(line: string): string {
  return line.length <= maxColumns ? line : `${line.slice(0, maxColumns)}…`;
}
