import { describe, expect, test } from "vitest";
import { flags } from "../../src/cli/usage/flags.js";
import { exitCodes } from "../../src/errors/exit-codes.js";
import { echoProto, project, runInProcess } from "./support/project.js";

const p = project({ "protos/a.proto": echoProto("a"), "notes.txt": "x" });

/** Command lines that are wrong, and what is said of them. */
const wrong: readonly (readonly [args: readonly string[], ...said: string[]])[] = [
  [[], "usage: gen-stubs <paths…> --out <folder>\n", "gen-stubs --help tells all"],
  [["--quiet"], "GS1003: no paths", "GS1003: --out is missing"],
  [["protos"], "GS1003: --out is missing"],
  [["protos", "--out"], "GS1003: --out needs a value"],
  [["protos", "-o", "--check"], "GS1003: --out needs a value"],
  [["protos", "-o", "gen", "-I"], "GS1003: --proto-path needs a value"],
  [["protos", "-o", "a", "--out", "b"], "GS1002: --out is given 2 times"],
  [["protos", "-o", ""], "GS1002: --out is empty"],
  [["", "-o", "gen"], "GS1002: an empty path"],
  [["protos", "-o", "gen", "--chek"], "GS1001: unknown option --chek (did you mean --check?)"],
  [["protos", "-o", "gen", "--dryrun"], "GS1001: unknown option --dryrun (did you mean --dry-run?)"],
  [["protos", "-o", "gen", "--nonsense-entirely"], "GS1001: unknown option --nonsense-entirely\n"],
  [["protos", "-o", "gen", "-x"], "GS1001: unknown option -x"],
  [["protos", "-o", "gen", "--check=maybe"], 'GS1002: --check takes no value, not "maybe"'],
  [["protos", "-o", "gen", "--messages", "ess"], 'GS1002: --messages: no generator "ess" (did you mean "es"?)'],
  [["protos", "-o", "gen", "--opt", "=1"], 'GS1002: --opt takes key=value, not "=1"'],
  [
    ["protos", "-o", "gen", "--opt", "target=ts", "--opt", "target=js"],
    'GS1002: --opt target is given twice: "ts" and "js"',
  ],
  [["protos", "-o", "gen", "--check", "--clean"], "GS1004: --check and --clean exclude one another"],
  [["protos", "-o", "gen", "--check", "--dry-run"], "GS1004: --check and --dry-run exclude one another"],
  [["--descriptor-set", "x", "-I", "protos", "-o", "gen"], "GS1004: --descriptor-set and --proto-path"],
  [["--descriptor-set", "x", "--protoc", "p", "-o", "gen"], "GS1004: --descriptor-set and --protoc"],
  [
    ["protos", "-o", "gen", "--opt", "target=js", "--messages-opt", "target=ts"],
    "GS1004: --messages-opt target=ts contradicts --opt target=js",
  ],
  [["protos", "-o", "gen", "--opt", "messages=ts_proto"], "GS1004: --opt messages=ts_proto contradicts --messages es"],
  [["docotr"], 'GS1005: "docotr" is neither a path nor a command (did you mean "doctor"?)'],
  [["skeletn", "a.A", "--to", "a.ts"], 'GS1005: "skeletn" is neither a path nor a command (did you mean "skeleton"?)'],
  [["nowhere", "-o", "gen"], 'GS1005: "nowhere" does not exist'],
  [["protos/*.proto", "-o", "gen"], 'GS1005: "protos/*.proto" does not exist', "patterns are not expanded"],
  [["notes.txt", "-o", "gen"], 'GS1005: "notes.txt" is neither a folder nor a .proto file'],
  [["--descriptor-set", "nowhere.binpb", "-o", "gen"], 'GS1005: --descriptor-set: "nowhere.binpb" does not exist'],
];

describe("wrong usage exits 2, says why and writes nothing", () => {
  test.each(wrong.map(([args, ...said]) => ({ line: args.join(" "), args, said })))(
    "gen-stubs $line",
    async ({ args, said }) => {
      const run = await runInProcess(p.folder, ...args);
      expect(run).toMatchObject({ code: exitCodes.usage.code, stdout: "" });
      for (const text of said) expect(run.stderr).toContain(text);
      expect(run.stderr).not.toMatch(/\n\s+at /);
      expect(p.has("gen")).toBe(false);
    },
  );
});

test("a wrong command line ends the process with 2", async () => {
  const run = await p.run("protos", "--chek");
  expect(run.code).toBe(2);
  expect(run.stderr).toContain("GS1001");
});

test("--help names every flag and every exit code", async () => {
  const run = await p.run("--help");
  expect(run).toMatchObject({ code: 0, stderr: "" });
  for (const name of Object.keys(flags)) expect(run.stdout).toContain(`--${name}`);
  for (const { code, meaning } of Object.values(exitCodes)) {
    expect(run.stdout).toMatch(new RegExp(`^  ${code} +${meaning.slice(0, 30).replace(/[()]/g, "\\$&")}`, "m"));
  }
});

test("--version prints the package's version", async () => {
  const run = await p.run("--version");
  expect(run).toMatchObject({ code: 0, stderr: "" });
  expect(run.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test("messages do not follow the system's language", async () => {
  const run = await p.runWith({ env: { LANG: "de_DE.UTF-8", LC_ALL: "de_DE.UTF-8" } }, "protos", "-o");
  expect(run.stderr).toContain("--out needs a value");
});
