import { chmodSync, cpSync, existsSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { embeddedAsset, findProtoc } from "../../src/compile/find-protoc.js";
import { echoProto, type Project, project } from "./support/project.js";
import { protocSet } from "./support/protoc.js";

const posix = process.platform !== "win32";
const edition = 'edition = "2023";\npackage e;\nmessage E {}\n';

/** A program that says it is some protoc, and fails as that would on anything it does not know. */
function fakeProtoc(p: Project, name: string, version: string): string {
  p.write(
    name,
    `#!/bin/sh\nif [ "$1" = --version ]; then echo "libprotoc ${version}"; exit 0; fi\necho "x.proto:1:1: Expected top-level statement (e.g. \\"message\\")." >&2\nexit 1\n`,
  );
  chmodSync(p.path(name), 0o755);
  return p.path(name);
}

describe("which binary of the npm package", () => {
  const assets = [
    { platform: "linux", arch: "x64", executable: "protoc-linux-x86_64" },
    { platform: "linux", arch: "arm64", executable: "protoc-linux-aarch_64" },
    { platform: "darwin", arch: "arm64", executable: "protoc-osx-aarch_64" },
    { platform: "win32", arch: "x64", executable: "protoc-win64.exe" },
  ];
  test.each([
    ["linux", "x64", "protoc-linux-x86_64"],
    ["linux", "arm64", "protoc-linux-aarch_64"],
    ["darwin", "arm64", "protoc-osx-aarch_64"],
    ["win32", "x64", "protoc-win64.exe"],
    ["win32", "arm64", "protoc-win64.exe"],
    ["linux", "riscv64", undefined],
    ["freebsd", "x64", undefined],
  ])("%s %s", (platform, arch, executable) => {
    expect(embeddedAsset(assets, platform, arch)).toBe(executable);
  });
});

describe.runIf(posix)("--protoc", () => {
  test("is used, and named in the summary", async () => {
    const p = project({ "protos/a.proto": echoProto("a") });
    const shim = createRequire(import.meta.url).resolve("protoc/package.json");
    const binary = join(
      dirname(shim),
      "bin",
      process.platform === "linux" ? "protoc-linux-x86_64" : "protoc-osx-aarch_64",
    );
    if (!existsSync(binary) || process.arch !== (process.platform === "linux" ? "x64" : "arm64")) return;
    mkdirSync(p.path("my tools"));
    symlinkSync(binary, p.path("my tools/protoc"));
    const run = await p.run("protos", "-o", "gen", "--protoc", "my tools/protoc");
    expect(run).toMatchObject({ code: 0, stderr: "" });
    expect(p.list("gen")).toEqual(["a_grpc.ts", "a_pb.ts"]);
  });

  test("that does not exist, or is no protoc, or cannot run", async () => {
    const p = project({ "a.proto": echoProto("a"), "not-a-program": "hello" });
    const run = async (path: string) => p.run("a.proto", "-o", "gen", "--protoc", path);
    expect(await run("nowhere/protoc")).toMatchObject({ code: 3 });
    expect((await run("nowhere/protoc")).stderr).toContain('GS2008: --protoc: "nowhere/protoc" does not exist');
    expect((await run("./not-a-program")).stderr).toContain("GS2010:");
    chmodSync(p.path("not-a-program"), 0o755);
    expect((await run("./not-a-program")).code).toBe(3);
    p.write("other", "#!/bin/sh\necho other 1.0\n");
    chmodSync(p.path("other"), 0o755);
    expect((await run("./other")).stderr).toContain('is not protoc: "');
  });

  test("that does not find a file which was there a moment ago has the word", async () => {
    const p = project({ "protos/a.proto": echoProto("a"), "protos/b.proto": echoProto("b") });
    const { path } = await findProtoc(undefined, p.folder);
    p.write(
      "protoc",
      `#!/bin/sh\nif [ "$1" != --version ]; then rm -f '${p.path("protos/b.proto")}'; fi\nexec '${path}' "$@"\n`,
    );
    chmodSync(p.path("protoc"), 0o755);
    const run = await p.run("protos", "-o", "gen", "--protoc", "./protoc");
    expect(run).toMatchObject({ code: 1, stderr: "protos/b.proto: error GS2003: No such file or directory\n" });
  });

  test("that may not read a file is not believed that there is none", async () => {
    const p = project({ "protos/a.proto": echoProto("a"), "protos/b.proto": echoProto("b") });
    chmodSync(p.folder, 0o777);
    chmodSync(p.path("protos/b.proto"), 0);
    // Root may read everything: then the command runs as nobody.
    const uid = process.getuid?.() === 0 ? { uid: 65_534 } : {};
    const run = await p.runWith(uid, "protos", "-o", "gen");
    const stderr = "protos/b.proto: error GS2003: it cannot be read: permission denied (EACCES)\n";
    expect(run).toMatchObject({ code: 1, stderr });
  });

  test("that is too old for an edition says what is needed, not what it misread", async () => {
    const p = project({ "protos/e.proto": edition });
    fakeProtoc(p, "old/protoc", "3.21.12");
    const run = await p.run("protos", "-o", "gen", "--protoc", "old/protoc");
    expect(run.code).toBe(3);
    expect(run.stderr).toContain("protos/e.proto: error GS2009: edition 2023 needs protoc 27.0 or later;");
    expect(run.stderr).toContain("is 3.21.12");
    expect(run.stderr).not.toContain("Expected top-level statement");
  });

  test("that is older than proto3's optional is refused", async () => {
    const p = project({ "a.proto": echoProto("a") });
    fakeProtoc(p, "protoc", "3.12.4");
    const run = await p.run("a.proto", "-o", "gen", "--protoc", "./protoc");
    expect(run.code).toBe(3);
    expect(run.stderr).toContain("GS2009:");
  });

  test("by name is looked up on PATH", async () => {
    const p = project({ "protos/e.proto": edition });
    fakeProtoc(p, "bin/protoc-old", "3.21.12");
    const env = { PATH: `${p.path("bin")}${delimiter}${process.env["PATH"]}` };
    const run = await p.runWith({ env }, "protos", "-o", "gen", "--protoc", "protoc-old");
    expect(run.stderr).toContain(`${p.path("bin/protoc-old")} is 3.21.12`);
  });
});

describe.runIf(posix)("buf", () => {
  /** A program that answers like buf: with a descriptor set it was given, or an error. */
  function fakeBuf(p: Project, script: string): void {
    p.write(
      "node_modules/.bin/buf",
      `#!/bin/sh\nfor a in "$@"; do echo "$a" >> "${p.path("args")}"; done\n${script}\n`,
    );
    chmodSync(p.path("node_modules/.bin/buf"), 0o755);
  }

  test("builds a workspace that has a buf.yaml", async () => {
    const p = project({
      "proto/a.proto": echoProto("a"),
      "proto/b/b.proto": echoProto("b"),
      "buf.yaml": "version: v2\n",
    });
    protocSet(p.path("proto"), p.path("set.binpb"), ["a.proto", "b/b.proto"]);
    fakeBuf(p, `cat "${p.path("set.binpb")}"`);
    const run = await p.run("proto", "-o", "gen");
    expect(run.code).toBe(0);
    expect(run.stdout).toContain("(buf)");
    expect(p.read("args").split("\n")).toEqual(expect.arrayContaining(["build", p.folder]));
    expect(p.list("gen")).toHaveLength(4);
    await p.run("proto/b", "-o", "part");
    expect(p.list("part")).toEqual(["b/b_grpc.ts", "b/b_pb.ts"]);
  });

  test("is not asked where -I is given", async () => {
    const p = project({ "proto/a.proto": echoProto("a"), "buf.yaml": "version: v2\n" });
    fakeBuf(p, "exit 1");
    expect((await p.run("-I", "proto", "proto", "-o", "gen")).stdout).toContain("(protoc ");
    expect(p.has("args")).toBe(false);
  });

  test("has its errors shown with the source line", async () => {
    const p = project({
      "proto/a.proto": 'syntax = "proto3";\nmessage M { Foo f = 1; }\n',
      "buf.yaml": "version: v2\n",
    });
    fakeBuf(p, "echo 'proto/a.proto:2:13:cannot find `Foo` in this scope' >&2; exit 100");
    const run = await p.run("proto", "-o", "gen");
    expect(run.code).toBe(1);
    expect(run.stderr).toContain("proto/a.proto:2:13: error GS2003: cannot find `Foo` in this scope\n  2 | message M");
  });

  test("has a missing import explained like protoc's", async () => {
    const p = project({
      "proto/a.proto": 'syntax = "proto3";\nimport "google/api/http.proto";\nmessage M { google.api.Http h = 1; }\n',
      "buf.yaml": "version: v2\n",
    });
    fakeBuf(
      p,
      "echo 'proto/a.proto:2:1:imported file does not exist' >&2; echo 'proto/a.proto:3:13:cannot find `google.api.Http` in this scope' >&2; exit 100",
    );
    const run = await p.run("proto", "-o", "gen");
    expect(run.stderr).toContain('proto/a.proto:2:1: error GS2004: import "google/api/http.proto" was not found');
    expect(run.stderr).toContain("npm install -D google-gax");
    expect(run.stderr).not.toContain("cannot find");
  });

  test("names the import that is missing where a line has several", async () => {
    const p = project({
      "proto/a.proto": 'syntax = "proto3"; import "b.proto"; import "google/api/http.proto";\n',
      "proto/b.proto": 'syntax = "proto3";\n',
      "buf.yaml": "version: v2\n",
    });
    fakeBuf(p, "echo 'proto/a.proto:1:38:imported file does not exist' >&2; exit 100");
    const run = await p.run("proto", "-o", "gen");
    expect(run.stderr).toContain('GS2004: import "google/api/http.proto" was not found');
  });

  test("runs once for the same workspace, and again after any change in it, or where its dependencies may change", async () => {
    const p = project({
      "node_modules/.keep": "",
      "proto/a.proto": echoProto("a"),
      "buf.yaml": "version: v2\n",
    });
    protocSet(p.path("proto"), p.path("set.binpb"), ["a.proto"]);
    fakeBuf(p, `cat "${p.path("set.binpb")}"`);
    const runs = async (): Promise<number> => {
      rmSync(p.path("args"), { force: true });
      expect((await p.run("proto", "-o", "gen")).code).toBe(0);
      return p.has("args")
        ? p
            .read("args")
            .split("\n")
            .filter((arg) => arg === "build").length
        : 0;
    };
    expect([await runs(), await runs()]).toEqual([1, 0]);
    for (const [name, text] of [
      ["proto/a.proto", `${echoProto("a")}\n`],
      ["elsewhere/b.proto", echoProto("b")],
      ["buf.yaml", "version: v2\nlint: {}\n"],
      ["buf.lock", "version: v2\n"],
    ] as const) {
      p.write(name, text);
      expect([await runs(), await runs()], name).toEqual([1, 0]);
    }
    rmSync(p.path("buf.lock"));
    p.write("buf.yaml", "version: v2\ndeps:\n  - example.com/acme/shared\n");
    expect([await runs(), await runs()]).toEqual([1, 1]);
  });

  test("that fails otherwise is quoted", async () => {
    const p = project({ "proto/a.proto": echoProto("a"), "buf.yaml": "version: v9\n" });
    fakeBuf(p, "echo 'Failure: unknown version' >&2; exit 1");
    const run = await p.run("proto", "-o", "gen");
    expect(run.code).toBe(3);
    expect(run.stderr).toContain("GS2011: buf build failed: Failure: unknown version");
  });
});

describe.runIf(process.platform === "linux" && process.arch === "x64")("the package protoc", () => {
  /** This package in a folder of its own, beside a copy of the package protoc that the test may damage. */
  function installed(p: Project): { run: string; binary: string } {
    const root = dirname(createRequire(import.meta.url).resolve("../../package.json"));
    const home = p.path("app/node_modules/gen-stubs");
    mkdirSync(home, { recursive: true });
    for (const part of ["bin", "dist", "package.json"]) cpSync(join(root, part), join(home, part), { recursive: true });
    const from = join(root, "node_modules");
    const { dependencies } = createRequire(import.meta.url)("../../package.json");
    const folders = new Set(Object.keys(dependencies).map((name) => name.replace(/\/.*$/, "")));
    folders.delete("protoc");
    for (const name of folders) {
      symlinkSync(join(from, name), p.path(`app/node_modules/${name}`));
    }
    for (const part of ["package.json", "assets.json", "bin/protoc-linux-x86_64"]) {
      const target = p.path(`app/node_modules/protoc/${part}`);
      mkdirSync(dirname(target), { recursive: true });
      cpSync(join(from, "protoc", part), target);
    }
    return { run: join(home, "bin/gen-stubs.js"), binary: p.path("app/node_modules/protoc/bin/protoc-linux-x86_64") };
  }

  test("works although an installer dropped the executable bit", async () => {
    const p = project({ "protos/a.proto": echoProto("a") });
    const { run, binary } = installed(p);
    chmodSync(binary, 0o644);
    const { spawnSync } = await import("node:child_process");
    const result = spawnSync(process.execPath, [run, "protos", "-o", "gen"], { cwd: p.folder, encoding: "utf8" });
    expect(result.stderr).toBe("");
    expect(result.status).toBe(0);
    expect(p.list("gen")).toEqual(["a_grpc.ts", "a_pb.ts"]);
  });

  test("without a binary for this system: PATH, else what to do", async () => {
    const p = project({ "protos/e.proto": edition });
    const { run } = installed(p);
    p.write("app/node_modules/protoc/assets.json", "[]");
    const { spawnSync } = await import("node:child_process");
    const start = (path: string) =>
      spawnSync(process.execPath, [run, "protos", "-o", "gen"], {
        cwd: p.folder,
        encoding: "utf8",
        env: { PATH: path },
      });
    const none = start(p.path("nothing"));
    expect(none.status).toBe(3);
    expect(none.stderr).toContain(`GS2008: no protoc: the npm package "protoc" has no binary for linux-x64`);
    expect(none.stderr).toContain("--protoc");
    fakeProtoc(p, "bin/protoc", "3.21.12");
    expect(start(p.path("bin")).stderr).toContain(`${p.path("bin/protoc")} is 3.21.12`);
  });
});
