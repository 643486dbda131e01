import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build, type Metafile } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { repository } from "../support/packed.js";
import { type Background, background, runOk } from "../support/shell.js";
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

/** Says how `connect` takes its arguments. */
const REFUSED = `
import { connect } from "gen-stubs-runtime";
try {
  const channel = connect(JSON.parse(process.argv[2]), JSON.parse(process.argv[3]));
  console.log("connected");
} catch (error) {
  console.log(String(error));
}
`;

/** A client of many servers, with retries. */
const FLEET = `
import "gen-stubs-runtime/balancing";
import "gen-stubs-runtime/service-config";
${CLIENT.replace(
  "(process.argv[2])",
  `(process.argv[2], {
  loadBalancing: "round_robin",
  serviceConfig: { methodConfig: [{ name: [{}], timeout: "30s" }] },
})`,
)}`;

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

const PROTOBUF = ["@bufbuild/protobuf", "@bufbuild/protobuf/*"];

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
    await writeFile(join(project.folder, "src/refused-client.ts"), REFUSED);
    await writeFile(join(project.folder, "src/fleet-client.ts"), FLEET);
    await writeFile(join(project.folder, "src/bundled-browser.ts"), BROWSER);
  }, 300_000);

  afterAll(() => project?.remove());

  async function bundle(name: string, splitting = false): Promise<{ file: string; kilobytes: number }> {
    const { metafile, warnings } = await build({
      entryPoints: [join(project.folder, `src/${name}.ts`)],
      outdir: join(project.folder, splitting ? "split" : "whole"),
      outExtension: { ".js": ".mjs" },
      bundle: true,
      splitting,
      minify: true,
      metafile: true,
      platform: "node",
      format: "esm",
      logLevel: "error",
      absWorkingDir: project.folder,
    });
    expect(warnings).toEqual([]);
    const file = Object.keys(metafile.outputs).find((path) => path.endsWith(`${name}.mjs`)) ?? "";
    return { file: join(project.folder, file), kilobytes: loaded(metafile.outputs, file, new Set()) / 1000 };
  }

  describe("a client of one server", () => {
    let server: Background;
    let target: string;

    beforeAll(async () => {
      server = background([process.execPath, (await bundle("bundled-server")).file], { cwd: project.folder });
      target = await server.line;
    }, 60_000);

    afterAll(() => server?.stop());

    async function received(file: string, ...args: string[]): Promise<string> {
      return (await runOk([process.execPath, file, ...args], { cwd: project.folder })).output.trim();
    }

    test("calls, and has at most 223 kB with messages of protobuf-es", { timeout: 60_000 }, async () => {
      const { file, kilobytes } = await bundle("bundled-client");
      console.log(`client bundle: ${kilobytes.toFixed(0)} kB`);
      // 68 kB are protobuf-es, most of it what reads the descriptors of the messages; 24 the codec, of which 1 makes streams a sixth cheaper, 52 the HTTP/2 that comes along
      // instead of Node's own.
      expect(kilobytes).toBeLessThan(223);
      expect(await received(file, target)).toBe("3");
    });

    test("calls, and has at most 143 kB with messages of ts-proto", { timeout: 60_000 }, async () => {
      const generate =
        "bin/gen-stubs.js fixtures/stream/input/stream.proto -I fixtures/stream/input --messages ts_proto";
      const into = ["--out", join(project.folder, "src/ts-proto"), "--opt", "import_extension=ts", "--quiet"];
      await runOk([process.execPath, ...generate.split(" "), ...into], { cwd: repository });
      await writeFile(join(project.folder, "src/ts-proto-client.ts"), CLIENT.replace("./gen/", "./ts-proto/"));
      const { file, kilobytes } = await bundle("ts-proto-client");
      console.log(`client bundle with ts-proto: ${kilobytes.toFixed(0)} kB`);
      expect(kilobytes).toBeLessThan(143);
      expect(await received(file, target)).toBe("3");
    });

    test.each([
      ["dns:///localhost:1", {}, "balancing"],
      [["http://127.0.0.1:1"], {}, "balancing"],
      ["http://127.0.0.1:1", { loadBalancing: "round_robin" }, "balancing"],
      ["http://127.0.0.1:1", { serviceConfig: { loadBalancingConfig: [{ round_robin: {} }] } }, "balancing"],
      ["http://127.0.0.1:1", { serviceConfig: { methodConfig: [] } }, "service-config"],
    ])("connect(%j, %j) names the import that the bundle lacks", { timeout: 60_000 }, async (place, options, entry) => {
      const { file } = await bundle("refused-client");
      const text = await received(file, JSON.stringify(place), JSON.stringify(options));
      expect(text).toMatch(/^TypeError: connect: .* needs code that this bundle leaves out/);
      expect(text).toContain(`import "gen-stubs-runtime/${entry}"`);
    });

    test("with these imports it has them, in one file and in several", { timeout: 60_000 }, async () => {
      const [whole, split] = await Promise.all([bundle("fleet-client"), bundle("fleet-client", true)]);
      console.log(`client of many: ${whole.kilobytes.toFixed(0)} kB, ${split.kilobytes.toFixed(0)} kB loaded at once`);
      for (const { file } of [whole, split]) {
        expect(await received(file, target.replace("http://127.0.0.1", "dns:///localhost"))).toBe("3");
      }
      expect(split.kilobytes).toBeLessThan(whole.kilobytes);
    });

    test("outside of a bundle it needs no import", { timeout: 60_000 }, async () => {
      const file = join(project.folder, "unbundled.mjs");
      await writeFile(
        file,
        REFUSED.replace('console.log("connected")', 'await channel.close();\n  console.log("connected")'),
      );
      for (const [place, options] of [
        ["dns:///localhost:1", { loadBalancing: "round_robin" }],
        ["http://127.0.0.1:1", { serviceConfig: { methodConfig: [] } }],
      ]) {
        expect(await received(file, JSON.stringify(place), JSON.stringify(options))).toBe("connected");
      }
    });
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

  /** What a page loads: one file, with protobuf-es or beside it. */
  async function pageOf(name: string, external: string[]): Promise<Uint8Array> {
    const { outputFiles } = await build({
      entryPoints: [join(project.folder, `src/${name}.ts`)],
      external,
      write: false,
      bundle: true,
      minify: true,
      // An import of Node's would fail the build.
      platform: "browser",
      format: "esm",
      logLevel: "error",
      absWorkingDir: project.folder,
    });
    return outputFiles[0]!.contents;
  }

  test("a page that calls over a WebSocket has nothing of Node in it, and at most 40.4 kB gzip beside protobuf-es", {
    timeout: 60_000,
  }, async () => {
    const beside = gzipSync(await pageOf("bundled-browser", PROTOBUF), { level: 9 }).length / 1000;
    const whole = await pageOf("bundled-browser", []);
    const gzipped = gzipSync(whole, { level: 9 }).length / 1000;
    console.log(
      `page with webSocketChannel: ${beside.toFixed(1)} kB beside protobuf-es, ${gzipped.toFixed(1)} kB with it, gzipped`,
    );
    // 9 are the calls and the codec, 31 HTTP/2 and gRPC on it.
    expect(beside).toBeLessThan(40.4);
    expect(gzipped).toBeLessThan(59);
    expect(Buffer.from(whole).toString()).not.toMatch(/\bfrom"node:|require\("/);
  });

  test("a page's client has at most 23 kB beside protobuf-es, gzipped, and nothing of Node", {
    timeout: 60_000,
  }, async () => {
    const beside = gzipSync(await pageOf("page", PROTOBUF), { level: 9 }).length;
    const whole = await pageOf("page", []);
    const kB = (size: number): string => (size / 1000).toFixed(1);
    console.log(
      `page: ${kB(beside)} kB beside protobuf-es, ${kB(gzipSync(whole, { level: 9 }).length)} kB with it, gzipped`,
    );
    expect(beside).toBeLessThan(23_000);
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
