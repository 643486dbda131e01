import { existsSync, readdirSync } from "node:fs";
import { cp, mkdtemp, readdir, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { codeBlocks } from "../readme/blocks.js";
import { matchesOutput } from "../readme/expected-output.js";
import { freePort } from "../support/free-port.js";
import { type PackedPackage, packAll, repository } from "../support/packed.js";
import { background, runOk } from "../support/shell.js";
import { visit } from "./visits.js";

const examples = join(repository, "examples");
/** Every folder with a package.json is an example to be copied. */
const names = readdirSync(examples).filter((name) => existsSync(join(examples, name, "package.json")));

test("every folder of examples/ is an example to be copied, and what people look for is there", () => {
  const folders = readdirSync(examples, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(folders.map(({ name }) => name).filter((name) => name !== "dist" && !names.includes(name))).toEqual([]);
  const wanted = [
    "weather",
    "chat",
    "web",
    "upload",
    "report",
    "subscription",
    "production",
    "fleet",
    "nestjs",
    "next",
  ];
  expect(wanted.filter((name) => !names.includes(name))).toEqual([]);
});

/** What a build leaves in a folder: not part of a copy. */
const built = /^(?:dist|gen|src\/gen|node_modules|\.cache|\.next|next-env\.d\.ts)$/;

/**
 * Each folder of `examples/` as its README says: copied to where nothing of this repository is found, `npm install && npm start`,
 * and what the README shows is what it prints. The packages are those that `npm pack` makes of this repository.
 */
describe("a copy of an example runs by npm install && npm start", () => {
  let root: string;
  let packed: Readonly<Record<string, PackedPackage>>;

  beforeAll(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), "gen-stubs-copies-")));
    packed = await packAll(root);
  }, 300_000);

  afterAll(() => rm(root, { recursive: true, force: true }));

  test.each(names)("%s", { timeout: 900_000 }, async (name) => {
    const folder = join(root, name);
    await cp(join(examples, name), folder, {
      recursive: true,
      filter: (source) => !built.test(source.slice(join(examples, name).length + 1)),
    });
    await usePacked(join(folder, "package.json"));

    const blocks = codeBlocks(await readFile(join(folder, "README.md"), "utf8"));
    const command = blocks.find(({ language }) => language === "sh");
    expect(command?.text).toBe("npm install && npm start");
    const shown = blocks.find(({ language }) => language === "text")?.text ?? "";
    const output = command?.attributes.has("background")
      ? await servePages(name, folder)
      : (await runOk(command?.text ?? "", { cwd: folder })).output;
    // Above it are npm's own lines and the generator's.
    if (!matchesOutput(`…\n${shown}`, output)) expect(output).toBe(shown);
    await rm(folder, { recursive: true, force: true });
  });

  test.each(names)("%s says in ten lines or so what it is", async (name) => {
    const text = await readFile(join(examples, name, "README.md"), "utf8");
    expect(text.match(/^# /gm)).toHaveLength(1);
    expect(text.replace(/^```[\s\S]*?^```$/gm, "").split("\n").length).toBeLessThan(16);
    expect((await readdir(join(examples, name))).includes("protos")).toBe(true);
  });

  /** One that serves until it is ended: its pages are visited. Its port is a free one; what it prints names the README's. */
  async function servePages(name: string, folder: string): Promise<string> {
    const port = await freePort();
    const process = background("npm install && npm start", { cwd: folder, env: { PORT: String(port) } });
    try {
      await process.printed(new RegExp(`http://127\\.0\\.0\\.1:${port}`));
      await visit(name, `http://127.0.0.1:${port}`);
      return process.output().replaceAll(String(port), name === "next" ? "3000" : "8080");
    } finally {
      await process.stop();
    }
  }

  /** Both packages come from their tarballs; everything else is what the example names. */
  async function usePacked(file: string): Promise<void> {
    const manifest = JSON.parse(await readFile(file, "utf8"));
    for (const list of [manifest.dependencies ?? {}, manifest.devDependencies ?? {}]) {
      for (const name of Object.keys(list)) {
        const tarball = packed[name]?.tarball;
        if (tarball !== undefined) list[name] = `file:${tarball}`;
      }
    }
    await writeFile(file, JSON.stringify(manifest));
  }
});
