import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packAll, pinned } from "../support/packed.js";
import { short, table, writePart } from "../support/platforms-page.js";
import { runOk } from "../support/shell.js";

/** What a server's image carries for each library: the packages that generated code and calls need at run time. */
const peers = [
  ["nice-grpc, messages of ts-proto", ["nice-grpc@2.1.18", "@bufbuild/protobuf@2.17.0"]],
  ["connect-node", ["@connectrpc/connect@2.1.2", "@connectrpc/connect-node@2.1.2", "@bufbuild/protobuf@2.17.0"]],
  ["grpc-js with proto-loader", ["@grpc/grpc-js@1.14.7", "@grpc/proto-loader@0.8.1"]],
] as const;

describe.skipIf(short)("what is installed at run time", () => {
  const rows: string[][] = [];
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "gen-stubs-sizes-"));
  });

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
    if (rows.length === peers.length + 1) await writePart("sizes", table(["", "packages", "installed"], rows));
  });

  test("gen-stubs-runtime has the fewest packages", async () => {
    const packed = await packAll(folder);
    const ours = [packed["gen-stubs-runtime"].tarball, `@bufbuild/protobuf@${await pinned("@bufbuild/protobuf")}`];
    const counts: number[] = [];
    for (const [name, packages] of [["gen-stubs-runtime, messages of protobuf-es", ours], ...peers] as const) {
      const { count, bytes } = await installed(packages);
      counts.push(count);
      rows.push([name, String(count), `${(bytes / 1e6).toFixed(1)} MB`]);
    }
    expect(Math.min(...counts)).toBe(counts[0]);
  });

  async function installed(packages: readonly string[]): Promise<{ count: number; bytes: number }> {
    const project = await mkdtemp(join(folder, "project-"));
    await writeFile(join(project, "package.json"), "{}");
    await runOk(["npm", "install", "--ignore-scripts", ...packages], { cwd: project });
    const lock = JSON.parse(await readFile(join(project, "node_modules/.package-lock.json"), "utf8"));
    const files = await readdir(join(project, "node_modules"), { recursive: true, withFileTypes: true });
    const sizes = files
      .filter((entry) => entry.isFile() && entry.name !== ".package-lock.json")
      .map(async (entry) => (await stat(join(entry.parentPath, entry.name))).size);
    const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
    return { count: Object.keys(lock.packages).length, bytes };
  }
});
