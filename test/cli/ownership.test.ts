import { renameSync, rmSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { manifestName, type RunRecord } from "../../src/cli/output/manifest.js";
import { sourceOf } from "../../src/cli/output/ownership.js";
import { type DiskFacts, nextRecords, overwrittenRun, settleOwnership } from "../../src/cli/output/run-ownership.js";
import { echoProto, project } from "./support/project.js";

const record = (from: string, files: string, over: Partial<RunRecord> = {}): RunRecord => ({
  from: from.split(" "),
  roots: ["../protos"],
  options: "es",
  files: files.split(" "),
  imports: [],
  ...over,
});

/** Facts of a disk that holds these inputs and sources; outputs are named like their sources. */
function facts(there: string, written: string): DiskFacts {
  const paths = there.split(" ");
  return {
    inputExists: (input) => paths.some((path) => path === input || path.startsWith(`${input}/`)),
    covers: (outer, inner) => inner === outer || inner.startsWith(`${outer}/`),
    sourceExists: (roots, source) => roots.some((root) => paths.includes(`${root}/${source}`)),
    sourceOf: (name) => name.replace(/_\w+\.ts$/, ".proto"),
    isWritten: (name) => written.split(" ").includes(name),
  };
}

describe("what is an orphan of a run", () => {
  const here = "../protos/a.proto ../protos/b.proto";
  test.each<[string, RunRecord[], string, string, string, Partial<RunRecord>, string[]]>([
    [
      "what the same inputs gave before",
      [record("../protos", "a_pb.ts b_pb.ts")],
      "../protos",
      here,
      "a_pb.ts",
      {},
      ["b_pb.ts"],
    ],
    [
      "with other options too",
      [record("../protos", "a_pb.ts a_k6.ts")],
      "../protos",
      here,
      "a_pb.ts",
      { options: "es x" },
      ["a_k6.ts"],
    ],
    [
      "an import that is not imported any more",
      [record("../protos", "a_pb.ts", { imports: ["i_pb.ts"] })],
      "../protos",
      here,
      "a_pb.ts",
      {},
      ["i_pb.ts"],
    ],
    [
      "nothing of a run over more",
      [record("../protos", "a_pb.ts b_pb.ts")],
      "../protos/a.proto",
      here,
      "a_pb.ts",
      {},
      [],
    ],
    [
      "nothing of a run over another folder",
      [record("../other", "b_pb.ts", { roots: ["../other"] })],
      "../protos",
      "../other/b.proto",
      "a_pb.ts",
      {},
      [],
    ],
    [
      "nothing of a run whose inputs are all gone",
      [record("../old", "b_pb.ts", { roots: ["../old"] })],
      "../protos",
      here,
      "a_pb.ts",
      {},
      [],
    ],
    [
      "of a list of files that shrank",
      [record("../protos/a.proto ../protos/b.proto", "a_pb.ts b_pb.ts")],
      "../protos/a.proto",
      "../protos/a.proto",
      "a_pb.ts",
      {},
      ["b_pb.ts"],
    ],
    [
      "of a part, after the whole took its place",
      [record("../protos/b.proto", "b_pb.ts b_grpc.ts")],
      "../protos",
      here,
      "a_pb.ts b_pb.ts",
      {},
      ["b_grpc.ts"],
    ],
    [
      "but not of a part with other options",
      [record("../protos/b.proto", "b_k6.ts", { options: "es k6=true" })],
      "../protos",
      here,
      "a_pb.ts b_pb.ts",
      {},
      [],
    ],
    [
      "what another run over the same root has lost",
      [record("../protos/b.proto ../protos/c.proto", "b_pb.ts c_pb.ts")],
      "../protos/a.proto",
      here,
      "a_pb.ts",
      {},
      ["c_pb.ts"],
    ],
    [
      "not what another run still makes",
      [record("../protos", "a_pb.ts b_pb.ts"), record("../protos/b.proto", "b_pb.ts", { options: "other" })],
      "../protos",
      here,
      "a_pb.ts",
      {},
      [],
    ],
    [
      "not what another run imports",
      [record("../protos", "a_pb.ts b_pb.ts"), record("../z", "z_pb.ts", { imports: ["b_pb.ts"], roots: ["../z"] })],
      "../protos",
      `${here} ../z/z.proto`,
      "a_pb.ts",
      {},
      [],
    ],
  ])("%s", (_, recorded, from, there, written, over, orphans) => {
    const current = { ...record(from, ""), ...over };
    expect(settleOwnership(recorded, current, facts(there, written)).orphans).toEqual(orphans);
  });

  test("a file that does not lie where its source says, or that others wrote, is none", () => {
    const disk = { ...facts(here, "a_pb.ts"), sourceOf: () => undefined };
    expect(settleOwnership([record("../protos", "a_pb.ts b_pb.ts")], record("../protos", ""), disk).orphans).toEqual(
      [],
    );
  });
});

describe("what is recorded after a run", () => {
  const here = "../protos/a.proto ../protos/b.proto ../other/o.proto";
  const next = (recorded: RunRecord[], written: RunRecord, removed: boolean) => {
    const disk = facts(here, written.files.join(" "));
    return nextRecords(settleOwnership(recorded, written, disk), written, removed, () => true).map(
      ({ from, files }) => `${from.join(" ")}: ${files.join(" ")}`,
    );
  };

  test("orphans stay with their run until they are removed", () => {
    const recorded = [record("../protos", "a_pb.ts b_pb.ts")];
    expect(next(recorded, record("../protos", "a_pb.ts"), false)).toEqual(["../protos: a_pb.ts b_pb.ts"]);
    expect(next(recorded, record("../protos", "a_pb.ts"), true)).toEqual(["../protos: a_pb.ts"]);
  });

  test("other runs stay; one whose inputs are gone ends where all its files are this run's", () => {
    const other = record("../other", "o_pb.ts", { roots: ["../other"] });
    const gone = record("../old", "a_pb.ts", { roots: ["../old"] });
    expect(next([other, gone], record("../protos", "a_pb.ts"), false)).toEqual([
      "../other: o_pb.ts",
      "../protos: a_pb.ts",
    ]);
  });
});

describe("what a run would overwrite of another", () => {
  const others = [record("../other", "a_pb.ts", { roots: ["../other"] })];
  test.each([
    ["../protos", "../other/a.proto", "../other"],
    ["../protos", "../protos/a.proto", undefined],
    ["../other", "../other/a.proto", undefined],
  ])("root %s, with %s there: %s", (root, there, owner) => {
    const other = overwrittenRun("a_pb.ts", others, { roots: [root] }, facts(there, ""));
    expect(other?.from[0]).toBe(owner);
  });
});

test.each([
  ["// @generated by gen-stubs from x/a.proto (syntax proto3). Do not edit.\n", "x/a_grpc.ts", "x/a.proto"],
  ["// @generated by gen-stubs from x/a.proto (syntax proto3). Do not edit.\n", "x/a_k6.d.ts", "x/a.proto"],
  ["// @generated by gen-stubs from a.proto (syntax proto3). Do not edit.\n", "inner/a_grpc.ts", undefined],
  ["// @generated by gen-stubs from a.proto (syntax proto3). Do not edit.\n", "ab_grpc.ts", undefined],
  ["// Code generated by protoc-gen-ts_proto. DO NOT EDIT.\n// source: x/a.proto\n", "x/a.pb.ts", "x/a.proto"],
  ["// Code generated by protoc-gen-ts_proto. DO NOT EDIT.\n// source: x/a.proto\n", "x/ab.ts", undefined],
  ["// Code generated by protoc-gen-ts_proto. DO NOT EDIT.\n// versions:\n// source: x/a.proto\n", "x/a.ts", undefined],
])("%j at %s is from %s", (text, name, source) => {
  expect(sourceOf(text, name)).toBe(source);
});

describe("two runs into one output folder", () => {
  const twoRuns = () =>
    project({ "svc-a/proto/a.proto": echoProto("a"), "svc-b/proto/b.proto": echoProto("b"), "package.json": "{}" });

  test("neither calls the files of the other orphans, nor removes them", async () => {
    const p = twoRuns();
    await p.run("svc-a/proto", "-o", "gen", "--clean");
    const second = await p.run("svc-b/proto", "-o", "gen", "--clean");
    expect(second.code).toBe(0);
    expect(second.stdout).toContain("2 files of another run, over svc-a/proto: left alone.");
    expect(second.stdout).not.toContain("removed");
    expect(p.list("gen")).toEqual(["a_grpc.ts", "a_pb.ts", "b_grpc.ts", "b_pb.ts"]);
    for (const input of ["svc-a/proto", "svc-b/proto"]) {
      expect((await p.run(input, "-o", "gen", "--check")).code).toBe(0);
    }
    renameSync(p.path("svc-b/proto/b.proto"), p.path("svc-b/proto/c.proto"));
    const third = await p.run("svc-b/proto", "-o", "gen", "--clean");
    expect(third.stdout).toContain("  removed b_grpc.ts\n  removed b_pb.ts\n");
    expect(p.list("gen")).toEqual(["a_grpc.ts", "a_pb.ts", "c_grpc.ts", "c_pb.ts"]);
  });

  test("nor those of a run into a folder inside of it, or of the whole repository", async () => {
    const p = twoRuns();
    await p.run("svc-a/proto", "-o", "gen/inner");
    for (const out of ["gen", "."]) {
      expect((await p.run("svc-b/proto", "-o", out, "--clean")).stdout).not.toContain("removed");
    }
    expect(p.list("gen/inner")).toEqual(["a_grpc.ts", "a_pb.ts"]);
  });

  test("one does not overwrite the other's files with something else", async () => {
    const p = project({ "svc-a/proto/service.proto": echoProto("a"), "svc-b/proto/service.proto": echoProto("b") });
    await p.run("svc-a/proto", "-o", "gen");
    const before = p.read("gen/service_pb.ts");
    const second = await p.run("svc-b/proto", "-o", "gen");
    expect(second.code).toBe(1);
    expect(second.stderr).toContain(
      "gen/service_grpc.ts: error GS5006: it belongs to another run, over svc-a/proto, and ",
    );
    expect(p.read("gen/service_pb.ts")).toBe(before);
    // That run is no more: its folder was renamed. One record is left, with nothing to be said of the other.
    renameSync(p.path("svc-a"), p.path("svc-c"));
    const renamed = await p.run("svc-c/proto", "-o", "gen");
    expect(renamed.stdout).toContain("(0 new, 0 changed, 2 unchanged)");
    expect(renamed.stdout).not.toContain("another run");
    expect(JSON.parse(p.read(`gen/${manifestName}`)).runs).toHaveLength(1);
  });

  test("without a manifest nothing is removed, and what nobody claims is named", async () => {
    const p = twoRuns();
    await p.run("svc-a/proto", "-o", "gen");
    rmSync(p.path(`gen/${manifestName}`));
    const run = await p.run("svc-b/proto", "-o", "gen", "--clean");
    expect(run.stdout).toContain(`2 generated files of no run that ${manifestName} knows: a_grpc.ts, a_pb.ts.`);
    expect(p.list("gen")).toHaveLength(4);
  });

  test("a manifest that leads out of the folder, or is broken, harms nothing", async () => {
    const p = twoRuns();
    await p.run("svc-b/proto", "-o", "elsewhere");
    p.write(
      `gen/${manifestName}`,
      JSON.stringify({
        runs: [record("../svc-a/proto", "../elsewhere/b_pb.ts ../elsewhere/b_grpc.ts", { roots: ["../svc-a/proto"] })],
      }),
    );
    expect((await p.run("svc-a/proto", "-o", "gen", "--clean")).code).toBe(0);
    expect(p.list("elsewhere")).toEqual(["b_grpc.ts", "b_pb.ts"]);
    p.write(`gen/${manifestName}`, "<<<<<<< ours\n");
    expect((await p.run("svc-a/proto", "-o", "gen", "--clean")).code).toBe(0);
    expect(JSON.parse(p.read(`gen/${manifestName}`)).runs).toHaveLength(1);
  });

  test("the manifest is rewritten where it says something new, not where a formatter was at work", async () => {
    const p = twoRuns();
    await p.run("svc-a/proto", "-o", "gen");
    const formatted = JSON.stringify(JSON.parse(p.read(`gen/${manifestName}`)));
    p.write(`gen/${manifestName}`, formatted);
    await p.run("svc-a/proto", "-o", "gen");
    expect(p.read(`gen/${manifestName}`)).toBe(formatted);
  });
});
