import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { echoProto, type Project, project } from "./support/project.js";

/** A protoc that tells its parent to stop as soon as it is started, and would never end by itself. */
const hangingProtoc = (signal: string) => `#!${process.execPath}
if (process.argv[2] === "--version") console.log("libprotoc 36.2");
else {
  process.kill(process.ppid, "${signal}");
  setInterval(() => {}, 1000);
}
`;

async function generated(): Promise<Project> {
  const p = project({ "protos/a.proto": echoProto("a"), "protos/b.proto": echoProto("b") });
  mkdirSync(p.path("tmp"));
  const run = await p.run("protos", "-o", "gen");
  if (run.code !== 0) throw new Error(run.stderr);
  return p;
}

const contents = (p: Project) => p.list("gen").map((name) => [name, p.read(`gen/${name}`)]);

describe.skipIf(process.platform === "win32")("a signal", () => {
  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ])(
    "%s while it compiles: the output is as it was, nothing temporary stays, the compiler is ended",
    async (signal, code) => {
      const p = await generated();
      p.write("protoc", hangingProtoc(signal));
      chmodSync(p.path("protoc"), 0o755);
      p.write("protos/a.proto", echoProto("a").replace("text", "words"));
      const before = contents(p);
      const run = await p.runWith(
        { env: { TMPDIR: p.path("tmp") } },
        "protos",
        "-o",
        "gen",
        "--clean",
        "--protoc",
        "./protoc",
      );
      expect(run).toEqual({
        code,
        stdout: "",
        stderr: `error GS8001: interrupted by ${signal}; the output folder is as it was\n`,
      });
      expect(contents(p)).toEqual(before);
      expect(p.list("tmp")).toEqual([]);
    },
  );

  test("ends a config's outputs: those before are whole, that one is as it was, those after are not begun", async () => {
    const p = await generated();
    p.write("protoc", hangingProtoc("SIGTERM"));
    chmodSync(p.path("protoc"), 0o755);
    const outputs = [{ out: "first" }, { out: "gen", protoc: "./protoc", clean: true }, { out: "last" }];
    p.write("gen-stubs.config.json", JSON.stringify({ paths: "protos", outputs }));
    p.write("protos/a.proto", echoProto("a").replace("text", "words"));
    const before = contents(p);
    const run = await p.runWith({ env: { TMPDIR: p.path("tmp") } });
    expect(run.code).toBe(143);
    expect(run.stdout).toMatch(/^Wrote to first: 4 files/);
    expect(run.stderr).toBe("error GS8001: interrupted by SIGTERM; the output folder is as it was\n");
    expect(p.list("first")).toHaveLength(4);
    expect(contents(p)).toEqual(before);
    expect(p.has("last")).toBe(false);
    expect(p.list("tmp")).toEqual([]);
  });

  test("ends a skeleton before its file is touched", async () => {
    const p = await generated();
    p.write("protoc", hangingProtoc("SIGINT"));
    chmodSync(p.path("protoc"), 0o755);
    const args = ["skeleton", "a.Echo", "protos", "-o", "gen", "--to", "echo.ts", "--protoc", "./protoc"];
    expect(await p.runWith({ env: { TMPDIR: p.path("tmp") } }, ...args)).toMatchObject({ code: 130, stdout: "" });
    expect(p.has("echo.ts")).toBe(false);
    expect(p.list("tmp")).toEqual([]);
  });

  test("while it writes: all is written, and nothing temporary stays", async () => {
    const p = await generated();
    for (const name of ["a", "b"]) p.write(`protos/${name}.proto`, echoProto(name).replace("text", "words"));
    p.write(
      "interrupt.mjs",
      `import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
const { renameSync } = fs;
fs.renameSync = (...args) => {
  // Results are kept by renaming too.
  if (/[\\\\/]gen[\\\\/]/.test(args[1])) process.kill(process.pid, "SIGTERM");
  renameSync(...args);
};
syncBuiltinESMExports();
`,
    );
    const preload = `--import=${pathToFileURL(p.path("interrupt.mjs"))}`;
    await p.runWith({ env: { NODE_OPTIONS: preload, TMPDIR: p.path("tmp") } }, "protos", "-o", "gen");
    expect(p.list("gen")).toEqual(["a_grpc.ts", "a_pb.ts", "b_grpc.ts", "b_pb.ts"]);
    expect(p.read("gen/a_pb.ts")).toContain("words");
    expect(p.read("gen/b_pb.ts")).toContain("words");
    expect(p.list("tmp")).toEqual([]);
    expect((await p.run("protos", "-o", "gen", "--check")).code).toBe(0);
  });
});

test("what killed runs left behind is swept; what a living process may still need is not", async () => {
  const p = await generated();
  const dead = spawnSync(process.execPath, ["-e", ""]).pid;
  p.write(`gen/.gen-stubs-${dead}-0.tmp`, "half");
  p.write(`gen/.gen-stubs-${process.pid}-0.tmp`, "in use");
  p.write("gen/.gen-stubs-notes.tmp", "mine");
  expect((await p.run("protos", "-o", "gen")).code).toBe(0);
  expect(p.list("gen").filter((name) => name.startsWith("."))).toEqual([
    `.gen-stubs-${process.pid}-0.tmp`,
    ".gen-stubs-notes.tmp",
  ]);
});
