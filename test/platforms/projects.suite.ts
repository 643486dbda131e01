import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packAll } from "../support/packed.js";
import { row, short, table, writePart, writtenRows } from "../support/platforms-page.js";
import { type Outcome, tryKind } from "./kind-project.js";
import { projectKinds } from "./project-kinds.js";

const kinds = projectKinds.filter((kind) => !short || kind.short === true);

describe("a project of each kind, from an empty folder", () => {
  let folder: string;
  let packed: Awaited<ReturnType<typeof packAll>>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "gen-stubs-kinds-"));
    packed = await packAll(folder);
  });

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  // A hang guard: an installation alone may take minutes where the registry or the machine is slow.
  test.each(kinds.map((kind) => [kind.name, kind] as const))("%s", { timeout: 600_000 }, async (_name, kind) => {
    const outcome = await tryKind(kind, packed);
    if (!short) await writeRow(kind.name, outcome);
    const { size: _, ...steps } = outcome;
    expect(Object.values(steps).filter((step) => step.startsWith("no"))).toEqual([]);
    expect(outcome.runs).toBe("yes");
  });
});

/** A kind's row is written when it was tried, so that a run of some (`-- -t NestJS`) leaves the others as they are. */
async function writeRow(tried: string, outcome: Outcome): Promise<void> {
  const written = await writtenRows("projects");
  const rows = projectKinds.flatMap(({ name }) =>
    name === tried ? row(cells(name, outcome)) : (written.get(name) ?? []),
  );
  const header = ["project", "installs", "generates", "type-checks", "serves", "calls", "bundle"];
  await writePart("projects", [table(header, []), ...rows].join("\n"));
}

function cells(name: string, { installs, generates, typeChecks, runs, size }: Outcome): readonly string[] {
  const steps = [installs, generates, typeChecks, runs, runs].map((step) => step.split("\n")[0]!);
  return [name, ...steps, size === undefined ? "" : `${Math.round(size / 1000)} kB`];
}
