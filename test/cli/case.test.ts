import { mkdirSync, readdirSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { diskSpelling } from "../../src/cli/output/disk-names.js";
import { caseRenames } from "../../src/cli/output/follow-case.js";
import { caseInsensitiveDisk } from "./support/case-insensitive.js";
import { echoProto, project } from "./support/project.js";

/** A disk by its listings; `fold` says whether it finds names of another case. */
function disk(listings: Readonly<Record<string, readonly string[]>>, fold: boolean) {
  const list = (folder: string) => listings[folder] ?? [];
  const same = (a: string, b: string) => (fold ? a.toLowerCase() === b.toLowerCase() : a === b);
  const exists = (path: string) =>
    Object.entries(listings).some(([folder, names]) => names.some((name) => same(join(folder, name), path)));
  return diskSpelling("/out", list, exists);
}

describe("how the disk spells a name", () => {
  const listings = { "/out": ["Users", "b.ts"], "/out/Users": ["A.ts"] };

  test.each([
    ["Users/A.ts", "Users/A.ts"],
    ["users/a.ts", "Users/A.ts"],
    ["B.TS", "b.ts"],
    ["users/c.ts", undefined],
    ["c.ts", undefined],
  ])("where case does not count: %s is %s", (name, spelled) => {
    expect(disk(listings, true)(name)).toBe(spelled);
  });

  test.each([
    ["Users/A.ts", "Users/A.ts"],
    ["users/a.ts", undefined],
    ["B.TS", undefined],
  ])("where case counts: %s is %s", (name, spelled) => {
    expect(disk(listings, false)(name)).toBe(spelled);
  });

  test("where case counts and both are there, each is itself", () => {
    const both = disk({ "/out": ["a.ts", "A.ts"] }, false);
    expect([both("a.ts"), both("A.ts")]).toEqual(["a.ts", "A.ts"]);
  });

  test("the Unicode form is the disk's own choice", () => {
    expect(disk({ "/out": ["e\u0301.ts"] }, true)("\u00e9.ts")).toBeUndefined();
    const exists = () => true;
    expect(diskSpelling("/out", () => ["e\u0301.ts"], exists)("\u00e9.ts")).toBe("e\u0301.ts");
  });
});

describe("the renames that make the disk's spelling follow", () => {
  const renames = (spelled: readonly (readonly [string, string])[], wanted: readonly string[]) =>
    caseRenames(
      spelled.map(([name, spelled]) => ({ name, spelled })),
      wanted,
    ).map(({ folder, from, to }) => `${folder}/${from} → ${to}`);

  test("a folder once, whatever lies in it; upper folders first", () => {
    const spelled = [
      ["users/v1/a.ts", "Users/V1/a.ts"],
      ["users/v1/b.ts", "Users/V1/B.ts"],
    ] as const;
    const wanted = spelled.map(([name]) => name);
    expect(renames(spelled, wanted)).toEqual(["/Users → users", "users/V1 → v1", "users/v1/B.ts → b.ts"]);
  });

  test("not where another output wants the folder as it is", () => {
    expect(renames([["users/a.ts", "Users/a.ts"]], ["users/a.ts", "Users/b.ts"])).toEqual([]);
  });
});

const found = caseInsensitiveDisk();
afterAll(() => {
  if (typeof found !== "string") found.remove();
});

const skipped = typeof found === "string" ? ` (skipped: ${found})` : "";
describe.skipIf(typeof found === "string")(`on a disk that does not tell case apart${skipped}`, () => {
  const made = (name: string, file: string) => {
    const folder = join(typeof found === "string" ? "" : found.folder, name);
    mkdirSync(join(folder, "protos", "Users"), { recursive: true });
    writeFileSync(join(folder, "protos", "Users", file), echoProto("users"));
    const p = project({});
    symlinkSync(folder, p.path("disk"));
    return { folder, run: (...args: string[]) => p.runWith({ cwd: "disk" }, "protos", "-o", "gen", ...args) };
  };

  test.each([
    ["a folder", "a.proto", "Users", "users", ["users/a_grpc.ts", "users/a_pb.ts"]],
    [
      "a file",
      "Greeter.proto",
      "Users/Greeter.proto",
      "Users/greeter.proto",
      ["Users/greeter_grpc.ts", "Users/greeter_pb.ts"],
    ],
  ])("%s of another case: stale once, then right, and nothing is removed", async (what, file, from, to, outputs) => {
    const { folder, run } = made(what, file);
    expect(await run()).toMatchObject({ code: 0, stderr: "" });
    renameSync(join(folder, "protos", from), join(folder, "protos", "between"));
    renameSync(join(folder, "protos", "between"), join(folder, "protos", to));
    const check = await run("--check");
    expect(check.code).toBe(1);
    expect(check.stdout).toContain(`stale ${outputs[0]}`);
    expect(check.stdout).not.toContain("orphaned");
    const clean = await run("--clean");
    expect(clean).toMatchObject({ code: 0, stderr: "" });
    expect(clean.stdout).not.toContain("removed");
    const [top = ""] = outputs[0]?.split("/") ?? [];
    expect(readdirSync(join(folder, "gen")).filter((name) => !name.startsWith("."))).toEqual([top]);
    expect(
      readdirSync(join(folder, "gen", top))
        .map((name) => `${top}/${name}`)
        .sort(),
    ).toEqual(outputs);
    expect((await run("--check")).code).toBe(0);
  });
});
