import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { filesIn, runProtoc } from "../../scripts/golden/cases.js";
import { typeCheck } from "./type-check.js";

const root = process.cwd();
const folder = join(root, ".cache/golden/names");
const out = join(folder, "out");

const rpcs = (
  "constructor then close cancel toString __proto__ hasOwnProperty prototype getChannel delete new class default await name " +
  "length arguments valueOf toJSON get set static async channel request options call isPrototypeOf __defineGetter__ _ _1 __ " +
  "Get_Bar get_bar GetBar"
).split(" ");

const messages = (
  "Promise Error Array Map Symbol Uint8Array AsyncIterable Client Server Metadata Channel RpcError CallOptions object string " +
  "number bigint boolean void null true this Object Function Record Partial Message GenMessage MessageInitShape Service " +
  "ServerCall ClientReader service unary es request options call channel _call arguments eval NaN async of from type get set " +
  "is require exports module declare namespace abstract override satisfies accessor constructor __proto__ prototype " +
  "hasOwnProperty default class function enum export import new delete in typeof let static yield globalThis intrinsic " +
  "MessagesClient MessagesService MessagesHandlers UnimplementedMessages messages MessagesInit PromiseInit"
).split(" ");

const head = (name: string, ...imports: readonly string[]) =>
  `syntax = "proto3";\npackage ${name};\n${imports.map((path) => `import ${path};\n`).join("")}`;
const method = (name: string, message: string) => `  rpc ${name}(${message}) returns (${message});\n`;
const four = (index: number, message: string) =>
  method(`U${index}`, message) +
  `  rpc S${index}(${message}) returns (stream ${message});\n` +
  `  rpc C${index}(stream ${message}) returns (${message});\n` +
  `  rpc B${index}(stream ${message}) returns (stream ${message});\n`;
const one = (service: string) => `service ${service} {\n${method("Do", "Nothing")}}\n`;

const depth = 30;
const nested = Array.from({ length: depth }, (_, index) => `L${index}`);

const protos: Readonly<Record<string, string>> = {
  "rpcs.proto": `${head("rpcs")}service Rpcs {\n${rpcs.map((name) => method(name, "Nothing")).join("")}}\nmessage Nothing {}\n`,
  "alike.proto":
    `${head("alike")}service Alike {\n` +
    ["Get_Foo", "GetFoo", "get_foo", "getFoo", "Then", "then"].map((name) => method(name, "Nothing")).join("") +
    "}\nmessage Nothing {}\n",
  "messages.proto":
    `${head("messages")}service Messages {\n${messages.map((name, index) => four(index, `.messages.${name}`)).join("")}}\n` +
    messages.map((name) => `message ${name} {}\n`).join(""),
  "services.proto":
    head("services") +
    ["Foo", "foo", "FOO", "F_oo", "_Foo", "FooClient", "UnimplementedFoo", "FooService", "class", "default", "then"]
      .map(one)
      .join("") +
    "service Empty {}\nmessage Nothing {}\n",
  "same/a.proto": `${head("same.a")}message Same {}\n`,
  "same/b.proto": `${head("same.a.b")}message Same {}\n`,
  "same/c.proto":
    `${head("same.a.b.c", '"same/a.proto"', '"same/b.proto"')}service Same {\n${method("A", "same.a.Same")}` +
    `${method("B", "same.a.b.Same")}${method("C", "Inner.Same")}}\nmessage Inner {\n  message Same {}\n}\n`,
  "bare.proto": `syntax = "proto3";\n${one("Bare")}message Nothing {}\n`,
  "my file-name.v1.proto": `${head("file.names")}${one("Spaced")}message Nothing {}\n`,
  "class.proto": `${head("class.import.new")}${one("Keyword")}message Nothing {}\n`,
  "ünïcode/文.proto": `${head("unicode")}${one("Unicode")}message Nothing {}\n`,
  "deep.proto":
    `${head("deep")}service Deep {\n${method("Dive", nested.join("."))}}\n` +
    `${nested.map((name) => `message ${name} {\n`).join("")}${"}\n".repeat(depth)}`,
  "weak.proto": `${head("weak", 'weak "bare.proto"', 'public "class.proto"')}${one("Weak")}message Nothing {}\n`,
  "custom.proto":
    `${head("custom", '"google/protobuf/descriptor.proto"')}extend google.protobuf.MethodOptions {\n  string note = 50001;\n}\n` +
    "service Custom {\n  rpc Get(Nothing) returns (Nothing) {\n    option idempotency_level = NO_SIDE_EFFECTS;\n" +
    '    option (note) = "*/ export {";\n  }\n}\nmessage Nothing {}\n',
};

beforeAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  for (const [name, text] of Object.entries(protos)) {
    const path = join(folder, "input", name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  const golden = { folder };
  const options = ["target=ts", "import_extension=js"];
  const es = { plugin: "node_modules/.bin/protoc-gen-es", options: [...options, "erasable_syntax=true"], out };
  expect(await runProtoc(root, golden, es)).toBeUndefined();
  const stubs = { plugin: "bin/protoc-gen-stubs.js", options, out, keep: true };
  expect(await runProtoc(root, golden, stubs)).toBeUndefined();
}, 60_000);

test("every file with a service has stubs", () => {
  const expected = Object.keys(protos).filter((name) => protos[name]!.includes("service "));
  const stubs = filesIn(out).filter((file) => file.endsWith("_grpc.ts"));
  expect(stubs).toEqual(expected.map((name) => name.replace(/\.proto$/, "_grpc.ts")).sort());
});

test("the stubs of all names type-check under all flags", { timeout: 120_000 }, () => {
  const lines = typeCheck(root, { compiler: "TypeScript 7", folder, module: "NodeNext", include: ["out"] }).split("\n");
  // protoc-gen-es gives `GetFoo` and `getFoo` one name in a type of its own; the plugin warns of it.
  expect(lines.filter((line) => line !== "" && !/alike_pb\.ts.*Duplicate identifier/.test(line))).toEqual([]);
});

describe("of a client whose rpcs have the names that JavaScript calls by itself", () => {
  test("every method calls its own path", async () => {
    const { client, start } = await rpcsClient();
    const names = Object.getOwnPropertyNames(Object.getPrototypeOf(client)).filter((name) => name !== "constructor");
    expect(names).toHaveLength(rpcs.length);
    // biome-ignore lint/suspicious/noExplicitAny: every member of the prototype is such a method
    for (const name of names) void (client as any)[name]({});
    expect(start.mock.calls.map(([{ path }]) => path)).toEqual(rpcs.map((name) => `/rpcs.Rpcs/${name}`));
  });

  test("awaiting, printing and comparing it sends nothing", async () => {
    const { client, start } = await rpcsClient();
    expect(await client).toBe(client);
    expect(`${client}`).toBe("[object Object]");
    expect(JSON.stringify(client)).toBe("{}");
    expect({ client }).toEqual({ client });
    expect(start).not.toHaveBeenCalled();
  });
});

async function rpcsClient() {
  const start = vi.fn((_method: { path: string }) => ({ closeSend() {}, write: () => true, resume() {}, pause() {} }));
  const { RpcsClient } = await import(join(out, "rpcs_grpc.ts"));
  const client: object = new RpcsClient({ start });
  return { client, start };
}
