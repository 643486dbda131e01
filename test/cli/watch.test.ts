import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, rmSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test } from "vitest";
import { findProtoc } from "../../src/compile/find-protoc.js";
import { echoProto, type Project, project } from "./support/project.js";
import { protocSet } from "./support/protoc.js";

const bin = fileURLToPath(new URL("../../bin/gen-stubs.js", import.meta.url));

/** The command under --watch, and what it says. */
class Watching {
  readonly child: ChildProcess;
  #unread = "";

  constructor(p: Project, ...args: string[]) {
    this.child = spawn(process.execPath, [bin, ...args, "--watch"], {
      cwd: p.folder,
      stdio: ["ignore", "pipe", "inherit"],
    });
    this.child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      this.#unread += text;
      this.child.emit("said");
    });
  }

  /** Waits for a line that matches, and returns all that was said up to it. */
  async says(pattern: RegExp): Promise<string> {
    for (let said = ""; ; ) {
      for (let end = this.#unread.indexOf("\n"); end >= 0; end = this.#unread.indexOf("\n")) {
        const line = this.#unread.slice(0, end);
        said += `${line}\n`;
        this.#unread = this.#unread.slice(end + 1);
        if (pattern.test(line)) return said;
      }
      if (this.child.exitCode !== null) throw new Error(`it ended; unread: ${this.#unread}`);
      await Promise.race([once(this.child, "said"), once(this.child, "exit")]);
    }
  }

  async end(signal: NodeJS.Signals): Promise<number | null> {
    const [code] = await Promise.all([once(this.child, "exit"), this.child.kill(signal)]).then(([exit]) => exit);
    return code;
  }
}

let watching: Watching | undefined;
afterEach(() => {
  watching?.child.kill("SIGKILL");
});

const start = (p: Project, ...args: string[]): Watching => {
  watching = new Watching(p, ...args);
  return watching;
};

const realProtoc = async (): Promise<string> => (await findProtoc(undefined, "")).path;

const files = {
  "package.json": '{"type":"module"}',
  "node_modules/.keep": "",
  "protos/a.proto": echoProto("a").replace("package", 'import "shared.proto";\npackage'),
  "protos/b.proto": echoProto("b"),
  "third_party/shared.proto": 'syntax = "proto3"; message Shared {}',
  "third_party/unused.txt": "",
};

describe("--watch", () => {
  test("generates again after a change of an input, a new one, a change of an import, and a removal", async () => {
    const p = project(files);
    const w = start(p, "protos", "-I", "third_party", "-o", "gen", "--clean");
    expect(await w.says(/ in \d+ ms$/)).toMatch(
      /^Watching protos; Ctrl-C ends it\n\d\d:\d\d:\d\d gen: 5 of 5 files written \(a_grpc\.ts, a_pb\.ts, b_grpc\.ts, …\) in \d+ ms\n$/,
    );
    const untouched = statSync(p.path("gen/b_pb.ts"), { bigint: true });
    p.write("protos/a.proto", p.read("protos/a.proto").replace("text", "words"));
    expect(await w.says(/ms$/)).toMatch(/^\S+ gen: 1 of 5 files written \(a_pb\.ts\) in \d+ ms\n$/);
    expect(p.read("gen/a_pb.ts")).toContain("words");
    p.write("protos/c.proto", echoProto("c"));
    await w.says(/gen: 2 of 7 files written \(c_grpc\.ts, c_pb\.ts\)/);
    p.write("third_party/shared.proto", 'syntax = "proto3"; message Shared { string added = 1; }');
    await w.says(/gen: \d of 7 files written \(.*shared_pb\.ts/);
    rmSync(p.path("protos/c.proto"));
    await w.says(/gen: 0 of 5 files written, 2 removed/);
    expect(p.has("gen/c_pb.ts")).toBe(false);
    // What does not change is not written.
    expect(statSync(p.path("gen/b_pb.ts"), { bigint: true })).toEqual({
      ...untouched,
      atimeMs: expect.anything(),
      atimeNs: expect.anything(),
      atime: expect.anything(),
    });
  });

  test("follows imports outside of the folders given", async () => {
    const p = project({
      "package.json": "{}",
      "api/acme/v1/a.proto": echoProto("acme.v1").replace("package", 'import "acme/base.proto";\npackage'),
      "api/acme/base.proto": 'syntax = "proto3"; message Base {}',
    });
    const w = start(p, "api/acme/v1", "-o", "gen");
    await w.says(/files written/);
    p.write("api/acme/base.proto", 'syntax = "proto3"; message Base { string added = 1; }');
    await w.says(/files written \(.*base_pb\.ts/);
  });

  test("goes on through errors, and says once they are mended", async () => {
    const p = project(files);
    const w = start(p, "protos", "-I", "third_party", "-o", "gen");
    await w.says(/files written/);
    const good = p.read("protos/b.proto");
    p.write("protos/b.proto", good.replace("string text", "strin text"));
    const said = await w.says(/1 error; waiting for a change/);
    expect(said).toContain('protos/b.proto:3:16: error GS2003: "strin" is not defined.');
    p.write("protos/b.proto", good);
    await w.says(/^\S+ mended; nothing to write in \d+ ms$/);
  });

  // The watcher says nothing of a file's second change within 50 ms; a run may have read it in between.
  test.runIf(process.platform !== "win32")("sees a file that is saved right after a run has read it", async () => {
    const saves = ["first", "second", "third"].map((field) => echoProto("a").replace("text", field));
    const [first = "", second = "", third = ""] = saves;
    const p = project({
      "package.json": "{}",
      "node_modules/.keep": "",
      "protos/a.proto": first,
      "next/a.proto": second,
    });
    protocSet(p.path("next"), p.path("second.binpb"), ["a.proto"]);
    // A protoc that is at once ready with what it read, and then somebody saves.
    p.write(
      "protoc",
      `#!/bin/sh
if [ "$1" = --version ]; then echo "libprotoc 36.2"; exit 0; fi
cd '${p.folder}'
if ! [ -f then.proto ]; then exec '${await realProtoc()}' "$@"; fi
for arg; do case $arg in --descriptor_set_out=*) cat second.binpb >"\${arg#*=}" ;; esac; done
cat then.proto >protos/a.proto
rm then.proto
`,
    );
    chmodSync(p.path("protoc"), 0o755);
    const w = start(p, "protos", "-o", "gen", "--protoc", "./protoc");
    await w.says(/2 of 2 files written/);
    p.write("then.proto", third);
    p.write("protos/a.proto", second);
    await w.says(/1 of 2 files written/);
    await w.says(/1 of 2 files written/);
    expect(p.read("gen/a_pb.ts")).toContain("third: string");
  });

  test("begins with errors too, and without any file", async () => {
    const p = project({ "package.json": "{}", "protos/.keep": "" });
    const w = start(p, "protos", "-o", "gen");
    expect(await w.says(/1 error; waiting/)).toContain("GS2001: no .proto file in protos");
    p.write("protos/a.proto", echoProto("a"));
    await w.says(/mended; gen: 2 of 2 files written/);
  });

  test("takes a changed config", async () => {
    const p = project({
      ...files,
      "gen-stubs.config.ts": 'export default { paths: "protos", protoPath: "third_party", out: "gen" };',
    });
    const w = start(p);
    await w.says(/gen: 5 of 5/);
    p.write(
      "gen-stubs.config.ts",
      'export default { paths: "protos", protoPath: "third_party", out: "other", k6: true };',
    );
    await w.says(/other: 7 of 7 files written/);
    p.write("gen-stubs.config.ts", "export default { nonsense: true };");
    expect(await w.says(/1 error; waiting/)).toContain("GS1006: nonsense: there is no such option");
  });

  test.each<NodeJS.Signals>(["SIGINT", "SIGTERM"])("ends with 0 on %s, and leaves nothing running", async (signal) => {
    const p = project(files);
    const w = start(p, "protos", "-I", "third_party", "-o", "gen");
    await w.says(/files written/);
    expect(await w.end(signal)).toBe(0);
  });

  test.each([
    [["--check"], "--watch and --check"],
    [["--dry-run"], "--watch and --dry-run"],
    [["--format", "github"], "--watch and --format github"],
  ])("excludes %j", async (args, said) => {
    const p = project(files);
    const run = await p.run("protos", "-o", "gen", "--watch", ...args);
    expect(run).toMatchObject({ code: 2 });
    expect(run.stderr).toContain(`GS1004: ${said} exclude one another`);
  });
});
