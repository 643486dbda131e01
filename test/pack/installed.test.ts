import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { repository } from "../support/packed.js";
import { background, run, runOk } from "../support/shell.js";
import { compile, createUserProject, type UserProject } from "../support/user-project.js";
import { jest, jestProto, jestTest } from "./jest-test.js";
import { page } from "./page-types.js";

const services = ["chat", "data", "report", "route_guide", "stream"];
const stubs = services.map((name) => `${name}_grpc.ts`);

describe("installed into an empty project", () => {
  let project: UserProject;
  const sh = (command: string) => runOk(command, { cwd: project.folder });

  beforeAll(async () => {
    project = await createUserProject();
    await sh("npx gen-stubs protos/ --out src/gen");
    await cp(join(repository, "test/pack/program"), join(project.folder, "src"), { recursive: true });
  }, 120_000);

  afterAll(() => project?.remove());

  test("one command writes messages and stubs", async () => {
    const files = await readdir(join(project.folder, "src/gen"));
    expect(files.sort()).toEqual(
      [".gen-stubs-manifest.json", ...stubs, ...services.map((name) => `${name}_pb.ts`)].sort(),
    );
  });

  describe.each(["typescript-5", "typescript"] as const)("compiled by %s", (typescript) => {
    test("a program runs the four kinds in two processes", { timeout: 120_000 }, async () => {
      await rm(join(project.folder, "dist"), { recursive: true, force: true });
      await compile(project, typescript);
      const server = background([process.execPath, "dist/server.js"], { cwd: project.folder });
      try {
        const client = await runOk([process.execPath, "dist/client.js", await server.line], { cwd: project.folder });
        expect(client.output.trim().split("\n")).toEqual([
          "unary b k 1152921504606846976n",
          "server stream x",
          "server stream y",
          "client stream 100000n",
          "both ways HELLO",
          "both ways BYE",
        ]);
      } finally {
        expect(await server.stop()).toBe(0);
      }
    });
  });

  test("fakes work in Jest", { timeout: 240_000 }, async () => {
    await sh(`npm install --ignore-scripts -D ${jest}`);
    await writeFile(join(project.folder, "guide.proto"), jestProto);
    await sh("npx gen-stubs guide.proto --out gen --opt target=js+dts");
    await writeFile(join(project.folder, "fake.test.js"), jestTest);
    // Jest loads ES modules by an interface of Node's that is still behind a flag.
    const { output } = await sh("NODE_OPTIONS=--experimental-vm-modules npx jest --no-cache --ci=false fake.test.js");
    expect(output).toMatch(/Tests: +3 passed, 3 total/);
  });

  test("type-checks with bundlers' module resolution", { timeout: 60_000 }, async () => {
    await compile(project, "typescript", { module: "esnext", moduleResolution: "bundler", noEmit: true });
  });

  test("stubs and channels of a page type-check without Node's types", { timeout: 120_000 }, async () => {
    await mkdir(join(project.folder, "page"), { recursive: true });
    await writeFile(join(project.folder, "page/page.ts"), page);
    const options = {
      lib: ["dom", "dom.iterable", "es2023", "esnext.disposable"],
      types: [],
      module: "esnext",
      moduleResolution: "bundler",
      rootDir: ".",
      noEmit: true,
      declaration: false,
      skipLibCheck: false,
    };
    for (const typescript of ["typescript-5", "typescript"] as const) {
      await compile(project, typescript, options, ["page"]);
    }
  });

  test("protoc and buf write the same stubs, byte for byte", { timeout: 60_000 }, async () => {
    const opt = "import_extension=js";
    await sh(
      `mkdir out-protoc && node_modules/.bin/protoc --proto_path=protos --plugin=node_modules/.bin/protoc-gen-stubs ` +
        `--stubs_out=out-protoc --stubs_opt=${opt} protos/*.proto`,
    );
    await writeFile(
      join(project.folder, "buf.gen.yaml"),
      JSON.stringify({
        version: "v2",
        inputs: [{ directory: "protos" }],
        plugins: [{ local: "protoc-gen-stubs", out: "out-buf", opt }],
      }),
    );
    // As npm scripts and npx have it: the installed commands are on PATH. buf is this repository's.
    await sh(`PATH="$PWD/node_modules/.bin:$PATH" ${join(repository, "node_modules/.bin/buf")} generate`);
    for (const folder of ["out-protoc", "out-buf"]) {
      expect((await readdir(join(project.folder, folder))).sort(), folder).toEqual(stubs);
      for (const name of stubs) {
        const expected = await readFile(join(project.folder, "src/gen", name));
        expect((await readFile(join(project.folder, folder, name))).equals(expected), `${folder}/${name}`).toBe(true);
      }
    }
  });

  test("--check tells drift from none", { timeout: 60_000 }, async () => {
    const check = () => run("npx gen-stubs protos/ --out src/gen --check", { cwd: project.folder });
    expect((await check()).code).toBe(0);

    const file = join(project.folder, "src/gen/chat_grpc.ts");
    const before = await readFile(file, "utf8");
    await writeFile(file, before.replace("chatStream", "chatstream"));
    const drifted = await check();
    expect(drifted.code).toBe(1);
    expect(drifted.output).toContain("chat_grpc.ts");

    await sh("npx gen-stubs protos/ --out src/gen");
    expect(await readFile(file, "utf8")).toBe(before);
    expect((await check()).code).toBe(0);

    expect((await run("npx gen-stubs protos/ --out src/gen --chekc", { cwd: project.folder })).code).toBe(2);
  });
});
