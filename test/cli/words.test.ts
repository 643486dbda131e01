import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { shownSteps } from "../../src/cli/report/estimate.js";
import { shellQuote } from "../../src/cli/shell-quote.js";
import { hiddenMessageHint } from "../../src/compile/hidden-message.js";
import { displayPath } from "../../src/compile/paths.js";
import { nodeProblem } from "../../src/process/node-version.js";
import { echoProto, project, runInProcess } from "./support/project.js";

describe("an rpc named like its message", () => {
  const orders = (returns: string): string => `syntax = "proto3";
package shop.v1;
service Orders { rpc OpenOrders(Query) returns (${returns}); }
message Query {}
message OpenOrders {}
`;

  test("is told why, and what to write, which works", async () => {
    const p = project({ "protos/orders.proto": orders("OpenOrders") });
    const run = await p.run("protos", "-o", "gen");
    expect(run.code).toBe(1);
    expect(run.stderr).toContain('protos/orders.proto:3:49: error GS2003: "OpenOrders" is not a message type.');
    expect(run.stderr).toContain(
      "→ in the service, OpenOrders is the rpc of that name: write the message with its package and a dot in front, .shop.v1.OpenOrders\n",
    );
    p.write("protos/orders.proto", orders(".shop.v1.OpenOrders"));
    expect((await p.run("protos", "-o", "gen")).code).toBe(0);
  });

  test.each<[name: string, message: string, text: string, full: string | undefined]>([
    [
      "buf's words",
      "expected message type, found service method `shop.v1.Orders.OpenOrders`",
      orders("OpenOrders"),
      ".shop.v1.OpenOrders",
    ],
    ["no package", '"A" is not a message type.', "service S { rpc A (A) returns (A); }\nmessage A {}", ".A"],
    [
      "a message of another file",
      '"A" is not a message type.',
      "package p; service S { rpc A(A) returns (A); }",
      ".its.package.A",
    ],
    [
      "an enum",
      '"Color" is not a message type.',
      "service S { rpc A(Color) returns (Color); } enum Color {}",
      undefined,
    ],
    ["another error", '"A" is not defined.', "service S { rpc A(A) returns (A); }", undefined],
  ])("%s", (_name, message, text, full) => {
    const hint = hiddenMessageHint(message, text);
    if (full === undefined) expect(hint).toBeUndefined();
    else expect(hint?.endsWith(`a dot in front, ${full}`)).toBe(true);
  });
});

describe("a path that does not exist", () => {
  const p = project({ "protos/acme/a.proto": echoProto("a"), "all.binpb": "" });

  test.each([
    [["protoss", "-o", "gen"], 'GS1005: "protoss" does not exist (did you mean "protos"?)'],
    [["protos/acne", "-o", "gen"], 'GS1005: "protos/acne" does not exist (did you mean "protos/acme"?)'],
    [
      ["./protos/acme/b.proto", "-o", "gen"],
      '"./protos/acme/b.proto" does not exist (did you mean "./protos/acme/a.proto"?)',
    ],
    [["protos", "-I", "proto/", "-o", "gen"], '--proto-path: "proto/" does not exist (did you mean "protos"?)'],
    [
      ["--descriptor-set", "all.bin", "-o", "gen"],
      '--descriptor-set: "all.bin" does not exist (did you mean "all.binpb"?)',
    ],
    [["something-else", "-o", "gen"], 'GS1005: "something-else" does not exist\n'],
  ])("%j", async (args, said) => {
    const run = await runInProcess(p.folder, ...args);
    expect(run.code).toBe(2);
    expect(run.stderr).toContain(said);
  });
});

test("paths are relative to the current folder, also where they lie beside it", async () => {
  const p = project({ "protos/a.proto": "syntax = 1;", "app/gen/b_pb.ts": "mine", "protos2/b.proto": echoProto("b") });
  const broken = await p.runWith({ cwd: "app" }, "../protos", "-o", "gen");
  expect(broken.stderr).toMatch(/^\.\.\/protos\/a\.proto:1:10: error GS2003/);
  const inTheWay = await p.runWith({ cwd: "app" }, "../protos2", "-o", "gen");
  expect(inTheWay.stderr).toMatch(/^gen\/b_pb\.ts: error GS5002/);
  expect(displayPath("/work/a", "/work")).toBe("a");
  expect(displayPath("/work", "/work")).toBe(".");
  expect(displayPath("/usr/include/x.proto", "/home/me/work/deep/down/here")).toBe("/usr/include/x.proto");
});

describe("a Node that is too old", () => {
  const bins = ["gen-stubs", "protoc-gen-stubs"];

  test.each([
    ["12.22.0", true],
    ["18.20.8", true],
    ["20.18.3", true],
    ["20.19.0", false],
    ["22.0.0", false],
    ["24.1.0", false],
  ])("%s: %s", (version, old) => {
    expect(nodeProblem("gen-stubs", version) !== undefined).toBe(old);
  });

  test("is what package.json says", () => {
    const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
    expect(manifest.engines.node).toBe(">=20.19");
  });

  test.each(bins)("%s says it in one line", (bin) => {
    const pretend = 'Object.defineProperty(process.versions, "node", { value: "18.20.8" })';
    const path = fileURLToPath(new URL(`../../bin/${bin}.js`, import.meta.url));
    const run = spawnSync(process.execPath, ["--import", `data:text/javascript,${pretend}`, path], {
      encoding: "utf8",
    });
    expect(run).toMatchObject({ stdout: "", stderr: `${bin} needs Node 20.19 or newer; this is Node 18.20.8\n` });
    expect(run.status).toBe(bin === "gen-stubs" ? 3 : 1);
  });
});

describe("a word in a command that is printed", () => {
  test.each<[platform: NodeJS.Platform, word: string, quoted: string]>([
    ["linux", "src/gen", "src/gen"],
    ["linux", "my protos", "'my protos'"],
    ["linux", "it's", "'it'\\''s'"],
    ["linux", "$HOME", "'$HOME'"],
    ["linux", "a\\b", "'a\\b'"],
    ["linux", "", "''"],
    ["darwin", "M@x,y=./z:1%", "M@x,y=./z:1%"],
    ["win32", "src\\gen", "src\\gen"],
    ["win32", "C:\\Users\\me\\protos", "C:\\Users\\me\\protos"],
    ["win32", "C:\\My Protos\\", '"C:\\My Protos\\\\"'],
    ["win32", 'say "hi"', '"say \\"hi\\""'],
    ["win32", 'a\\"b', '"a\\\\\\"b"'],
    ["win32", "a;b", '"a;b"'],
    ["win32", "%PATH%", '"%PATH%"'],
    ["win32", "a,b", '"a,b"'],
    ["win32", "it's", '"it\'s"'],
    ["win32", "", '""'],
  ])("%s: %s", (platform, word, quoted) => {
    expect(shellQuote(word, platform)).toBe(quoted);
  });
});

describe("the progress bar moves while a part of the work takes its time", () => {
  test.each<[name: string, done: number, elapsedMs: number, expectedMs: number, shown: number]>([
    ["at the start", 0, 0, 1_000, 0],
    ["half of the time", 0, 500, 1_000, 50],
    ["never to the end by a guess", 0, 60_000, 1_000, 90],
    ["what is known counts more", 80, 500, 1_000, 80],
    ["all done", 100, 10, 1_000, 100],
    ["nothing expected", 7, 10_000, 0, 7],
  ])("%s", (_name, done, elapsedMs, expectedMs, shown) => {
    expect(shownSteps(done, 100, elapsedMs, expectedMs)).toBe(shown);
  });
});
