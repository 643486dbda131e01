import { stat, writeFile } from "node:fs/promises";
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

  async function bundle(name: string): Promise<string> {
    const outfile = join(project.folder, `${name}.mjs`);
    await build({
      entryPoints: [join(project.folder, `src/${name}.ts`)],
      outfile,
      bundle: true,
      minify: true,
      platform: "node",
      format: "esm",
      logLevel: "error",
      absWorkingDir: project.folder,
    });
    return outfile;
  }

  test("client and server run as such, and a client has at most 210 kB", { timeout: 60_000 }, async () => {
    const [client, served] = await Promise.all([bundle("bundled-client"), bundle("bundled-server")]);
    const { size } = await stat(client);
    console.log(
      `client bundle: ${(size / 1000).toFixed(0)} kB, server: ${((await stat(served)).size / 1000).toFixed(0)} kB`,
    );
    // 68 kB are protobuf-es, 50 kB the HTTP/2 that comes along instead of Node's own.
    // 4 kB are proxies.
    expect(size).toBeLessThan(210_000);
    const server = background([process.execPath, served], { cwd: project.folder });
    try {
      const { output } = await runOk([process.execPath, client, await server.line], { cwd: project.folder });
      expect(output.trim()).toBe("3");
    } finally {
      await server.stop();
    }
  });
});
