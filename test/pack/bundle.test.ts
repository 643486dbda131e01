import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { background, runOk } from "../support/shell.js";
import { createUserProject, type UserProject } from "../support/user-project.js";

const CLIENT = `
import { connect } from "gen-stubs-runtime";
import { StreamServiceClient } from "./gen/stream_grpc.ts";
const channel = connect(process.argv[2]);
const seen = [];
for await (const { result } of new StreamServiceClient(channel).fetchResponse({ id: 1 })) seen.push(result);
console.log(seen.length);
await channel.close();
`;

const SERVER = `
import { Server } from "gen-stubs-runtime";
import { StreamServiceService } from "./gen/stream_grpc.ts";
const server = new Server().add(StreamServiceService, {
  async *fetchResponse() { for (let i = 0; i < 3; i++) yield { result: String(i) }; },
});
const { address } = await server.listen("127.0.0.1:0");
console.log("http://" + address);
`;

describe("one file with everything in it, by esbuild, minified", () => {
  let project: UserProject;

  beforeAll(async () => {
    project = await createUserProject();
    await runOk("npx gen-stubs protos/stream.proto --out src/gen --opt import_extension=ts", { cwd: project.folder });
    await writeFile(join(project.folder, "src/bundled-client.ts"), CLIENT);
    await writeFile(join(project.folder, "src/bundled-server.ts"), SERVER);
  }, 120_000);

  afterAll(() => project?.remove());

  /** The file that is run, and what it loads with itself: code that is loaded only where it is needed lies in files of its own. */
  async function bundle(name: string): Promise<{ file: string; size: number }> {
    const outdir = join(project.folder, name);
    const { metafile } = await build({
      entryPoints: [join(project.folder, `src/${name}.ts`)],
      outdir,
      outExtension: { ".js": ".mjs" },
      bundle: true,
      splitting: true,
      minify: true,
      platform: "node",
      format: "esm",
      logLevel: "error",
      metafile: true,
      absWorkingDir: project.folder,
    });
    const entry = `${name}/${name}.mjs`;
    const loaded = new Set([entry]);
    for (const path of loaded) {
      for (const one of metafile.outputs[path]?.imports ?? [])
        if (one.kind === "import-statement") loaded.add(one.path);
    }
    const size = [...loaded].reduce((sum, path) => sum + (metafile.outputs[path]?.bytes ?? 0), 0);
    return { file: join(project.folder, entry), size };
  }

  test("client and server run as such, and a client has at most 207 kB", { timeout: 60_000 }, async () => {
    const [client, served] = await Promise.all([bundle("bundled-client"), bundle("bundled-server")]);
    const { size } = client;
    console.log(`client bundle: ${(size / 1000).toFixed(1)} kB, server: ${(served.size / 1000).toFixed(1)} kB`);
    // 68 kB are protobuf-es, 50 kB the HTTP/2 that comes along instead of Node's own.
    expect(size).toBeLessThan(207_000);
    const server = background([process.execPath, served.file], { cwd: project.folder });
    try {
      const { output } = await runOk([process.execPath, client.file, await server.line], { cwd: project.folder });
      expect(output.trim()).toBe("3");
    } finally {
      await server.stop();
    }
  });
});
