import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packAll } from "../support/packed.js";
import { short, table, writePart } from "../support/platforms-page.js";
import { type Outcome, tryKind } from "./kind-project.js";
import { projectKinds } from "./project-kinds.js";

const kinds = projectKinds.filter((kind) => !short || kind.short === true);

describe("a project of each kind, from an empty folder", () => {
  const outcomes = new Map<string, Outcome>();
  let folder: string;
  let packed: Awaited<ReturnType<typeof packAll>>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "gen-stubs-kinds-"));
    packed = await packAll(folder);
  });

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
    if (short || outcomes.size < kinds.length) return;
    const rows = kinds.map(({ name }) => {
      const { installs, generates, typeChecks, runs, size } = outcomes.get(name)!;
      const cells = [installs, generates, typeChecks, runs, runs].map((cell) => cell.split("\n")[0]!);
      return [name, ...cells, size === undefined ? "" : `${Math.round(size / 1000)} kB`];
    });
    const header = ["project", "installs", "generates", "type-checks", "serves", "calls", "bundle"];
    await writePart("projects", table(header, rows));
  });

  test.each(kinds)("$name", async (kind) => {
    const outcome = await tryKind(kind, packed);
    outcomes.set(kind.name, outcome);
    const { size: _, ...steps } = outcome;
    expect(Object.values(steps).filter((step) => step.startsWith("no"))).toEqual([]);
    expect(outcome.runs).toBe("yes");
  });
});
