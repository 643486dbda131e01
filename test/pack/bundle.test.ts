import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
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

const BROWSER = `
import { webSocketChannel } from "gen-stubs-runtime/web-socket";
import { StreamServiceClient } from "./gen/stream_grpc.ts";
const client = new StreamServiceClient(webSocketChannel("/grpc"));
for await (const { result } of client.fetchResponse({ id: 1 })) document.body.append(result);
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
    await writeFile(join(project.folder, "src/bundled-browser.ts"), BROWSER);
  }, 120_000);

  afterAll(() => project?.remove());

  async function bundle(name: string, platform: "node" | "browser" = "node"): Promise<string> {
    const outfile = join(project.folder, `${name}.mjs`);
    await build({
      entryPoints: [join(project.folder, `src/${name}.ts`)],
      outfile,
      bundle: true,
      minify: true,
      platform,
      format: "esm",
      logLevel: "error",
      absWorkingDir: project.folder,
    });
    return outfile;
  }

  test("client and server run as such, and a client has at most 205 kB", { timeout: 60_000 }, async () => {
    const [client, served] = await Promise.all([bundle("bundled-client"), bundle("bundled-server")]);
    const { size } = await stat(client);
    console.log(
      `client bundle: ${(size / 1000).toFixed(0)} kB, server: ${((await stat(served)).size / 1000).toFixed(0)} kB`,
    );
    // 68 kB are protobuf-es, 50 kB the HTTP/2 that comes along instead of Node's own.
    expect(size).toBeLessThan(205_000);
    const server = background([process.execPath, served], { cwd: project.folder });
    try {
      const { output } = await runOk([process.execPath, client, await server.line], { cwd: project.folder });
      expect(output.trim()).toBe("3");
    } finally {
      await server.stop();
    }
  });

  test("a page that calls over a WebSocket has nothing of Node in it, and at most 66 kB gzip", {
    timeout: 60_000,
  }, async () => {
    // For a browser esbuild refuses what imports node:….
    const text = await readFile(await bundle("bundled-browser", "browser"));
    const { length } = gzipSync(text, { level: 9 });
    console.log(
      `page with webSocketChannel: ${(text.length / 1000).toFixed(0)} kB, ${(length / 1000).toFixed(1)} kB gzip`,
    );
    // 18 kB are protobuf-es, 15 the calls and the codec, 31 HTTP/2 and gRPC on it.
    expect(length).toBeLessThan(66_000);
    expect(text.toString()).not.toMatch(/\bfrom"node:|require\("/);
  });
});
