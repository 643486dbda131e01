import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { protocBinary } from "../../scripts/golden/cases.js";
import { splitFileSet } from "../../src/descriptors/file-set.js";
import { encodeRequest } from "../../src/descriptors/request.js";
import { decodeRequest } from "../../src/plugin/decode-request.js";
import { run } from "../../src/plugin/run.js";
import { typeCheck } from "./type-check.js";

/** Words that mean something to JavaScript, TypeScript, or one of the libraries. */
const names = (
  "break case catch class const continue debugger default delete do else export extends false finally for function if " +
  "import in instanceof new null return super switch this throw true try typeof var void while with as implements interface " +
  "let package private protected public static yield any boolean constructor declare get module require number set string " +
  "symbol type from of async await abstract asserts assert infer is keyof unique unknown never readonly object undefined " +
  "bigint global globalThis namespace override satisfies accessor out using defer Object Function Array ReadonlyArray Promise " +
  "Error Map Set Symbol Uint8Array Buffer Date RegExp Number String Boolean BigInt Math JSON Record Required Pick Omit " +
  "Extract Parameters ReturnType Awaited Readonly Infinity NaN eval arguments BinaryReader BinaryWriter Long Timestamp " +
  "Message GenMessage Client Server Metadata Channel RpcError CallOptions FooClient FooService FooHandlers UnimplementedFoo " +
  "foo __proto__ prototype hasOwnProperty toString then name _ __ _1 _a a_ A_B snake_case MessageFns es tsProto MessageInit I Partial Builtin DeepPartial " +
  "Exact KeysOfUnion protobufPackage fromTimestamp longToNumber isSet"
).split(" ");

const root = process.cwd();

describe.each([
  {
    messages: "es",
    plugin: "protoc-gen-es",
    options: "target=ts,import_extension=js,erasable_syntax=true",
    ending: "_pb.ts",
  },
  {
    messages: "ts_proto",
    plugin: "protoc-gen-ts_proto",
    options: "outputServices=none,importSuffix=.js",
    ending: ".ts",
  },
])("a message of any name, as $plugin writes it", ({ messages, plugin, options, ending }) => {
  const folder = join(root, `.cache/golden/message-names-${messages}`);
  /** By the name of the message: whether the plugin refuses it. */
  const refused = new Map<string, string>();

  beforeAll(() => {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const files = names.map((name, index) => {
      writeFileSync(
        join(folder, `n${index}.proto`),
        `syntax = "proto3"; package n${index}; message ${name} {} service Foo { rpc Do(.n${index}.${name}) returns (stream .n${index}.${name}); }`,
      );
      return `n${index}.proto`;
    });
    const set = join(folder, "set.binpb");
    const by = [
      `--plugin=protoc-gen-x=${join(root, "node_modules/.bin", plugin)}`,
      `--x_out=${folder}`,
      `--x_opt=${options}`,
    ];
    execFileSync(protocBinary(root), [`-I${folder}`, "--include_imports", "-o", set, ...by, ...files], {
      stdio: "pipe",
    });
    const compiled = splitFileSet(readFileSync(set));
    for (const [index, name] of names.entries()) {
      const request = encodeRequest(compiled, [`n${index}.proto`], `messages=${messages},import_extension=js`);
      const { error, file } = run(decodeRequest(request));
      if (error !== undefined) refused.set(name, error);
      for (const { name: path, content } of file) writeFileSync(join(folder, path), content);
    }
  }, 120_000);

  const file = (name: string) => `n${names.indexOf(name)}${ending}`;
  const check = (include: readonly string[]) =>
    typeCheck(root, { compiler: "TypeScript 7", folder, module: "NodeNext", include })
      .split("\n")
      .filter((line) => /^\S+\.ts\(/.test(line))
      // ts-proto keeps the alias of an import for all files of a run once one of them has needed it.
      .filter((line) => !/TS6133: 'Binary(Reader|Writer)1' is declared/.test(line));

  test("type-checks with its stubs where the plugin takes it", { timeout: 120_000 }, () => {
    const taken = names.filter((name) => !refused.has(name));
    expect(taken.length).toBeGreaterThan(70);
    expect(check(taken.flatMap((name) => [file(name), `n${names.indexOf(name)}_grpc.ts`]))).toEqual([]);
  });

  test("does not type-check where the plugin refuses it, by its name", { timeout: 120_000 }, () => {
    for (const [name, error] of refused)
      expect(error).toMatch(new RegExp(`message n\\d+\\.${name}: .*\\[unusable-message-name\\]$`));
    // Errors of syntax hide all others: what they are found in goes, until nothing is found.
    let left = [...refused.keys()];
    for (let before = Number.POSITIVE_INFINITY; left.length > 0 && left.length < before; ) {
      before = left.length;
      const faults = check(left.map(file));
      left = left.filter((name) => !faults.some((fault) => fault.includes(`/${file(name)}(`)));
    }
    // With the writer's name `encode` compiles, and returns the message, as far as types go; the reader's and isSet hurt beside fields.
    expect(left.filter((name) => !/^(Binary(Writer|Reader)|isSet)$/.test(name))).toEqual([]);
  });
});
