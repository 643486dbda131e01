import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { allRuntimes } from "../runtimes/runtimes.js";
import { repository } from "../support/packed.js";

interface Workflow {
  readonly jobs: Readonly<
    Record<
      string,
      {
        readonly steps: readonly { readonly run?: string; readonly with?: Readonly<Record<string, unknown>> }[];
        readonly strategy?: { readonly matrix: { readonly node: readonly string[] } };
      }
    >
  >;
}

const read = (path: string): string => readFileSync(join(repository, path), "utf8");
const workflow = parse(read(".github/workflows/test.yml")) as Workflow;
const commands = Object.values(workflow.jobs).flatMap(({ steps }) => steps.flatMap(({ run }) => run ?? []));

describe("the workflow of the repository's host", () => {
  test("calls the gate, and beside it nothing that the gate does not call", () => {
    expect(commands).toContain("bash .ci/run");
    const gate = [...read(".ci/run").matchAll(/^(?:step|within \d+) "[^"]*" (?:env \S+ )?(npm [^\n]*)$/gm)].map(
      ([, command]) => command,
    );
    expect(gate.length).toBeGreaterThan(10);
    // A script runs here whole where the gate gives it arguments for a sample.
    const scripts = new Set(gate.map((command = "") => command.split(" -- ")[0]));
    expect(commands.filter((command) => command !== "bash .ci/run" && !scripts.has(command))).toEqual([]);
  });

  test("its matrix has the versions of Node that test:runtimes has", () => {
    const tested = allRuntimes.flatMap(({ name }) => /^Node (.*)$/.exec(name)?.[1] ?? []);
    expect(workflow.jobs["nodes"]?.strategy?.matrix.node).toEqual(tested);
  });
});
