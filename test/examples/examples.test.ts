import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { repository } from "../support/packed.js";
import { type Background, background, run, runOk } from "../support/shell.js";
import { tortureUpload } from "../torture/upload.js";
import { cluster, fleet } from "./fleet.js";
import { production } from "./production.js";

/** Every example as a reader runs it: `npm run examples:build`, then a server and a client, each a process of its own. */
const here = { cwd: join(repository, "examples/dist") };
const started: Background[] = [];

/** Starts an example's server on a free port; resolves to its address once it listens. */
async function serve(example: string, address = "127.0.0.1:0"): Promise<{ server: Background; address: string }> {
  const server = background([process.execPath, `${example}/server.js`, address], here);
  started.push(server);
  return { server, address: (await server.line).replace("listening on ", "") };
}

async function call(program: string, ...args: string[]): Promise<string[]> {
  const { stdout } = await runOk([process.execPath, program, ...args], here);
  return stdout.trimEnd().split("\n");
}

beforeAll(async () => {
  await runOk(["npm", "run", "examples:build"], { cwd: repository });
}, 120_000);

afterEach(async () => {
  await Promise.all(started.splice(0).map((process) => process.stop("SIGKILL")));
});

describe("production", production);
describe("fleet", fleet);
describe("cluster", cluster);

describe("report", () => {
  test("ten chunks; a second report is cancelled midway, and its server hears of it", async () => {
    const { server, address } = await serve("report");
    expect(await call("report/client.js", address)).toEqual([
      "sales: 10 chunks, 201 bytes",
      ...[1, 2, 3, 4, 5].map((chunk) => `stock: chunk ${chunk}`),
      "stock: CANCELLED",
    ]);
    await server.printed(/stock: stopped/);
    expect(await server.stop()).toBe(0);
    expect(server.output()).toContain("sales: sent");
    expect(server.output()).not.toContain("stock: sent");
  });
});

describe("stream", () => {
  test("five responses at once", async () => {
    const { server, address } = await serve("stream");
    const lines = await call("stream/client.js", address);
    expect(lines.at(-1)).toBe("5 responses, 25 pieces");
    for (const id of [1, 2, 3, 4, 5]) {
      const own = lines.filter((line) => line.startsWith(`request ${id},`));
      expect(own).toEqual([1, 2, 3, 4, 5].map((piece) => `request ${id}, piece ${piece}`));
    }
    // Had the calls waited for one another, the first would have ended before the last began.
    expect(lines.indexOf("request 5, piece 1")).toBeLessThan(lines.indexOf("request 1, piece 5"));
    expect(await server.stop()).toBe(0);
  });
});

describe("chat", () => {
  test("what one says, the others hear; who leaves is gone", async () => {
    const { server, address } = await serve("chat");
    const join = (name: string): Background => {
      const member = background([process.execPath, "chat/client.js", name, address], { ...here, input: "open" });
      started.push(member);
      return member;
    };
    const [ann, bob, eve] = [join("ann"), join("bob"), join("eve")];
    for (const member of [ann, bob, eve]) await member.line;

    ann.child.stdin?.write("hello\n");
    await Promise.all([bob, eve].map((member) => member.printed(/^ann: hello$/m)));
    expect(await eve.stop("SIGKILL")).toBe(null);
    bob.child.stdin?.write("hello ann\n");
    await ann.printed(/^bob: hello ann$/m);

    for (const member of [ann, bob]) {
      member.child.stdin?.end();
      expect(await member.ended, member.output()).toBe(0);
    }
    expect(ann.output()).toBe("ann is in the room\nbob: hello ann\n");
    expect(bob.output()).toBe("bob is in the room\nann: hello\n");
    expect(await server.stop()).toBe(0);
  });
});

describe("route-guide", () => {
  test("looks around, records a route, leaves notes", async () => {
    const { server, address } = await serve("route-guide");
    expect(await call("route-guide/client.js", address)).toEqual([
      "here is: Lookout Rock",
      "in the south: Old Mill",
      "in the south: Ferry Landing",
      "in the south: Railway Station",
      "travelled: 6 points, 6 features, 356 km",
      "left here before: first",
    ]);
    expect(await server.stop()).toBe(0);
  });
});

describe("data", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "gen-stubs-upload-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  // Around the size of a chunk, where an off-by-one would show, and one of many chunks.
  test.each([0, 1, 65_536, 65_537, 5_000_000])("the four kinds; a file of %d bytes arrives whole", async (size) => {
    const path = join(folder, `${size}.bin`);
    const bytes = randomBytes(size);
    await writeFile(path, bytes);
    const { server, address } = await serve("data");
    expect(await call("data/client.js", address, path)).toEqual([
      "unary: Item 42, green",
      expect.stringMatching(/^unary: \[INVALID_ARGUMENT\] id is empty \(\/\S+\/GetData, 127\.0\.0\.1:\d+\)$/),
      ...[1, 2, 3].map((count) => `server stream: temperature ${count}`),
      `client stream: ${size} bytes, SHA-256 ${createHash("sha256").update(bytes).digest("hex")}`,
      "both ways: ann said: hello",
      "both ways: ann said: goodbye",
    ]);
    expect(await server.stop()).toBe(0);
  });
});

describe("data: a subscription", () => {
  test("goes on when the server is back, and stops when asked to", async () => {
    const first = await serve("data");
    const subscriber = background([process.execPath, "data/subscriber.js", first.address, "pressure"], here);
    started.push(subscriber);
    await subscriber.printed(/^pressure: /m);

    await first.server.stop("SIGKILL");
    await subscriber.printed(/^\[UNAVAILABLE\] .*; trying again in \d+ ms$/m);
    await serve("data", first.address);
    await subscriber.printed(/trying again[\s\S]*\npressure: /);

    expect(await subscriber.stop("SIGINT")).toBe(0);
    expect(subscriber.output()).toMatch(/\nstopped\n$/);
  });
});

describe("upload", () => {
  test("of 20 MB arrives whole although it is cut ten times and the server is killed, and comes back", async () => {
    const report = await tortureUpload({ seed: 1, bytes: 20_000_000, cuts: 10, example: join(here.cwd, "upload") });
    expect(report).toMatchObject({ cuts: 10, kills: 3 });
    expect(report.resumes.length).toBeGreaterThanOrEqual(10);
    expect(report.resumes.filter((line) => !/^[A-Z_]+ behind \d+ bytes; going on in \d+ ms$/.test(line))).toEqual([]);
    const [uploaded = "", downloaded = ""] = report.lines;
    expect(uploaded).toMatch(/^uploaded 20000000 bytes, SHA-256 [0-9a-f]{64}$/);
    expect(downloaded).toBe(uploaded.replace("uploaded", "downloaded"));
  });
});

describe("npm run demo", () => {
  test("generates, serves and calls; leaves no process behind", { timeout: 60_000 }, async () => {
    // Without the build, which other tests are reading from; .ci/run runs it all on a fresh clone.
    const { code, output } = await run([process.execPath, "examples/demo.js"], { cwd: repository });
    expect(code, output).toBe(0);
    expect(output).toMatch(
      /^1 service, 4 methods \(1 unary, 1 server streaming, 1 client streaming, 1 bidi streaming\)/m,
    );
    expect(output).toMatch(/^client stream: \d+ bytes, SHA-256 [0-9a-f]{64}$/m);
    expect(output.trimEnd()).toMatch(/both ways: ann said: goodbye\n[\s\S]*\nthe server ended with exit code 0$/);
  });
});
