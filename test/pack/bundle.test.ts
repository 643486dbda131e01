import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build, type Metafile } from "esbuild";
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

/** A unary call and a server stream, as a page makes them. */
const PAGE = `
import { fetchChannel } from "gen-stubs-runtime/web";
import { DataServiceClient } from "./gen/data_grpc.ts";
const client = new DataServiceClient(fetchChannel(globalThis.SERVER, { protocol: "connect" }));
const seen = [await client.getData({ id: "1" }).then(() => "unary")];
for await (const _ of client.subscribeData({ topic: "a" })) seen.push("streamed");
console.log(seen.join(" "));
`;

/** Bytes of a file and of those that it imports at once. */
function loaded(outputs: Metafile["outputs"], path: string, seen: Set<string>): number {
  const output = outputs[path];
  if (output === undefined || seen.has(path)) return 0;
  seen.add(path);
  let bytes = output.bytes;
  for (const { path: next, kind } of output.imports)
    if (kind === "import-statement") bytes += loaded(outputs, next, seen);
  return bytes;
}

const DETAILS = `
import { RpcError, status } from "gen-stubs-runtime";
import { BadRequestSchema } from "gen-stubs-runtime/errors";
const details = [[BadRequestSchema, { fieldViolations: [{ field: "name" }] }]];
const error = new RpcError(status.INVALID_ARGUMENT, "a name is needed", { details });
console.log(error.findDetails(BadRequestSchema)[0].fieldViolations[0].field);
`;

describe("one file with everything in it, by esbuild, minified", () => {
  let project: UserProject;

  beforeAll(async () => {
    project = await createUserProject();
    await runOk("npx gen-stubs protos/stream.proto protos/data.proto --out src/gen --opt import_extension=ts", {
      cwd: project.folder,
    });
    await writeFile(join(project.folder, "src/page.ts"), PAGE);
    await writeFile(join(project.folder, "src/bundled-client.ts"), CLIENT);
    await writeFile(join(project.folder, "src/bundled-server.ts"), SERVER);
    await writeFile(join(project.folder, "src/bundled-browser.ts"), BROWSER);
  }, 120_000);

  afterAll(() => project?.remove());

  async function bundle(
    name: string,
    splitting = false,
    platform: "node" | "browser" = "node",
  ): Promise<{ file: string; kilobytes: number }> {
    const { metafile, warnings } = await build({
      entryPoints: [join(project.folder, `src/${name}.ts`)],
      outdir: join(project.folder, splitting ? "split" : "whole"),
      outExtension: { ".js": ".mjs" },
      bundle: true,
      splitting,
      minify: true,
      metafile: true,
      platform,
      format: "esm",
      logLevel: "error",
      absWorkingDir: project.folder,
    });
    expect(warnings).toEqual([]);
    const file = Object.keys(metafile.outputs).find((path) => path.endsWith(`${name}.mjs`)) ?? "";
    return { file: join(project.folder, file), kilobytes: loaded(metafile.outputs, file, new Set()) / 1000 };
  }

  test("client and server run as such, and a client loads at most 227 kB", { timeout: 60_000 }, async () => {
    const [client, served] = await Promise.all([bundle("bundled-client"), bundle("bundled-server")]);
    const split = await bundle("bundled-client", true);
    console.log(
      `client bundle: ${client.kilobytes.toFixed(0)} kB, of which ${split.kilobytes.toFixed(0)} kB are loaded before there are names to look up; server: ${served.kilobytes.toFixed(0)} kB`,
    );
    // 68 kB are protobuf-es, 50 kB the HTTP/2 that comes along instead of Node's own. Names and balancing are loaded when needed.
    expect(split.kilobytes).toBeLessThan(227);
    const server = background([process.execPath, served.file], { cwd: project.folder });
    try {
      const target = await server.line;
      const name = target.replace("http://127.0.0.1", "dns:///localhost");
      for (const args of [
        [client.file, target],
        [client.file, name],
        [split.file, target],
        [split.file, name],
      ]) {
        const { output } = await runOk([process.execPath, ...args], { cwd: project.folder });
        expect(output.trim()).toBe("3");
      }
    } finally {
      await server.stop();
    }
  });

  test("error details work without stubs, as installed and bundled", { timeout: 60_000 }, async () => {
    await writeFile(join(project.folder, "src/details.ts"), DETAILS);
    await writeFile(join(project.folder, "details.mjs"), DETAILS);
    await writeFile(
      join(project.folder, "details.cjs"),
      DETAILS.replace(/import (.*) from (.*);/g, "const $1 = require($2);"),
    );
    for (const file of ["details.mjs", "details.cjs", (await bundle("details")).file]) {
      expect((await runOk([process.execPath, file], { cwd: project.folder })).output.trim()).toBe("name");
    }
  });

  test("a page that calls over a WebSocket has nothing of Node in it, and at most 68 kB gzip", {
    timeout: 60_000,
  }, async () => {
    // For a browser esbuild refuses what imports node:….
    const { file, kilobytes } = await bundle("bundled-browser", false, "browser");
    const text = await readFile(file);
    const gzipped = gzipSync(text, { level: 9 }).length / 1000;
    console.log(`page with webSocketChannel: ${kilobytes.toFixed(0)} kB, ${gzipped.toFixed(1)} kB gzip`);
    // 18 kB are protobuf-es, 15 the calls and the codec, 33 HTTP/2 and gRPC on it.
    expect(gzipped).toBeLessThan(68);
    expect(text.toString()).not.toMatch(/\bfrom"node:|require\("/);
  });

  test("a page's client has at most 25 kB beside protobuf-es, gzipped, and nothing of Node", {
    timeout: 60_000,
  }, async () => {
    const page = async (external: string[]): Promise<Uint8Array> => {
      const { outputFiles } = await build({
        entryPoints: [join(project.folder, "src/page.ts")],
        external,
        write: false,
        bundle: true,
        minify: true,
        platform: "browser",
        format: "esm",
        logLevel: "error",
        absWorkingDir: project.folder,
      });
      return outputFiles[0]!.contents;
    };
    const beside = gzipSync(await page(["@bufbuild/protobuf", "@bufbuild/protobuf/*"]), { level: 9 }).length;
    const whole = await page([]);
    const kB = (size: number): string => (size / 1000).toFixed(1);
    console.log(
      `page: ${kB(beside)} kB beside protobuf-es, ${kB(gzipSync(whole, { level: 9 }).length)} kB with it, gzipped`,
    );
    expect(beside).toBeLessThan(25_000);
    // An import of Node's would have failed the build: a page has none.
    // Connect's answers with empty messages: one, and two in envelopes before the end.
    const server = createServer((request, response) => {
      const unary = request.url?.endsWith("/GetData") === true;
      response.writeHead(200, { "content-type": `application/${unary ? "" : "connect+"}proto` });
      response.end(unary ? undefined : Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 2, 0x7b, 0x7d]));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      const { port } = server.address() as AddressInfo; // it listens on TCP
      const script = join(project.folder, "page.mjs");
      await writeFile(script, `globalThis.SERVER = "http://127.0.0.1:${port}";\n${Buffer.from(whole)}`);
      const { output } = await runOk([process.execPath, script], { cwd: project.folder });
      expect(output.trim()).toBe("unary streamed streamed");
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});
