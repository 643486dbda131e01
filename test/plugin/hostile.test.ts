import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  CodeGeneratorRequestSchema,
  CodeGeneratorResponseSchema,
  type DescriptorProto,
  DescriptorProtoSchema,
  FileDescriptorProtoSchema,
} from "@bufbuild/protobuf/wkt";
import fc from "fast-check";
import { ts } from "ts-morph";
import { describe, expect, test } from "vitest";
import { GenerateError } from "../../src/model/generate-error.js";
import { run, runBytes } from "../../src/plugin/run.js";
import { compile, request } from "./request.js";

const runs = Number(process.env["FUZZ_RUNS"] ?? 1500);

const base = compile({
  "a.proto":
    'syntax = "proto3";\npackage p.q;\nimport "google/protobuf/empty.proto";\n// A service.\nservice S {\n  // Comment.\n' +
    "  rpc U(M) returns (M.N);\n  rpc S(M) returns (stream M.N);\n  rpc C(stream M) returns (google.protobuf.Empty);\n" +
    "  rpc B(stream M) returns (stream M);\n}\nmessage M {\n  message N {}\n  map<string, N> n = 1;\n}\n",
});

describe("bytes that are no request", () => {
  const bytes = toBinary(CodeGeneratorRequestSchema, request(base, "target=ts+js+dts"));

  test("cut off anywhere, they are a fault of the caller or give a response, never another error", () => {
    for (let length = 0; length < bytes.length; length++) answer(bytes.subarray(0, length));
  });

  test("changed anywhere, likewise", () => {
    const change = fc.record({
      at: fc.nat(bytes.length - 1),
      value: fc.oneof(fc.nat(255), fc.constantFrom(0, 127, 128, 255, 10, 11, 12)),
    });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), (changes) => {
        const mutated = Uint8Array.from(bytes);
        for (const { at, value } of changes) mutated[at] = value;
        checkOutput(answer(mutated));
      }),
      { numRuns: runs },
    );
  }, 600_000);

  test("groups and messages without end do not exhaust the stack", () => {
    answer(new Uint8Array(1 << 20).fill(0x0b));
    expect(run(request([fileWithNesting(5000)])).error).toContain("nested more than 100 deep [nested-too-deep]");
  });

  test("a varint without end, or a length beyond the end, is a fault of the caller", () => {
    for (const hostile of [new Array(11).fill(0xff), [0x7a, 0xff, 0xff, 0xff, 0xff, 0x0f], [0x00, 0x00]]) {
      expect(() => runBytes(Uint8Array.from(hostile))).toThrow(GenerateError);
    }
  });
});

describe("a schema with hostile text", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom(
      "*/ evil() /*",
      // biome-ignore lint/suspicious/noTemplateCurlyInString: what an attacker would write
      "`${evil()}`",
      '"); evil("',
      "\u2028evil()",
      "\r\nevil()",
      "@ts-nocheck",
      "\0",
      "__proto__",
    ),
    fc.constantFrom(
      "/// <reference path='x' />",
      "//# sourceMappingURL=x",
      "\ufeff",
      "then",
      "../../x",
      "C:\\x",
      "S",
      "M",
    ),
  );

  test("gives an error, or files below the output folder made of what the templates are made of", () => {
    fc.assert(
      fc.property(fc.record({ text, where: fc.nat(11) }), ({ text, where }) => {
        const [empty, file] = fromBinary(
          CodeGeneratorRequestSchema,
          toBinary(CodeGeneratorRequestSchema, request(base)),
        ).protoFile;
        const service = file!.service[0]!;
        const comment = file!.sourceCodeInfo!.location.find(({ path }) => path.join() === "6,0")!;
        [
          () => Object.assign(file!, { name: `${text}.proto` }),
          () => Object.assign(file!, { package: text }),
          () => Object.assign(service, { name: text }),
          () => Object.assign(service.method[0]!, { name: text }),
          () => Object.assign(service.method[0]!, { inputType: text }),
          () => Object.assign(service.method[1]!, { outputType: `.p.q.${text}` }),
          () => Object.assign(file!.messageType[0]!, { name: text }),
          () => Object.assign(comment, { leadingComments: text, trailingComments: ` ${text}\n${text}` }),
          () =>
            Object.assign(file!.sourceCodeInfo!.location.find(({ path }) => path.join() === "12")!, {
              leadingComments: text,
            }),
          () => file!.dependency.push(text),
          () => Object.assign(file!, { syntax: text }),
          () => file!.publicDependency.push(text.length, -1, 1e9),
        ][where]!();
        checkOutput(run(request([empty!, file!], "target=ts+js+dts")));
        checkOutput(run(request([empty!, file!], `target=${text}`)));
        checkOutput(run(request([empty!, file!], `M${file!.name}=${text},rewrite_imports=${text}:${text}`)));
      }),
      { numRuns: runs },
    );
  }, 600_000);

  test("imports in circles, and files that are there twice, do no harm", () => {
    const files = ["a", "b"].map((name) =>
      create(FileDescriptorProtoSchema, {
        name: `${name}.proto`,
        dependency: ["a.proto", "b.proto"],
        publicDependency: [0, 1],
        service: [{ name: "S", method: [{ name: "R", inputType: ".Gone", outputType: ".Gone" }] }],
      }),
    );
    expect(run(request([...files, ...files])).error).toContain("message Gone is declared neither here");
  });
});

function answer(bytes: Uint8Array): { error?: string; file: readonly { name: string; content: string }[] } {
  try {
    return fromBinary(CodeGeneratorResponseSchema, runBytes(bytes));
  } catch (error) {
    if (error instanceof GenerateError && error.code === "malformed-request") return { error: error.message, file: [] };
    throw error;
  }
}

/** All kinds of syntax in what is generated from a schema that means well. */
const kinds = new Set(
  run(request(base, "target=ts+js+dts,rewrite_imports=x:y")).file.flatMap(({ name, content }) => [
    ...parse(name, content),
  ]),
);

const checked = new Set<string>();

function checkOutput({
  error,
  file,
}: {
  error?: string | undefined;
  file: readonly { name: string; content: string }[];
}): void {
  if (error !== undefined && error !== "") expect(file).toEqual([]);
  for (const { name, content } of file) {
    expect(name).not.toMatch(/^\/|\\|:|(^|\/)\.{0,2}(\/|$)/);
    if (checked.size === checked.add(content).size) continue;
    const foreign = [...parse(name, content)].filter((kind) => !kinds.has(kind));
    expect(foreign.map((kind) => ts.SyntaxKind[kind])).toEqual([]);
    expect(content.split("evil").length, content).toBeLessThanOrEqual(commentsAndStrings(content).split("evil").length);
  }
}

/** The kinds of nodes in a text. Throws where it does not parse. */
function parse(name: string, content: string): Set<ts.SyntaxKind> {
  const source = ts.createSourceFile(name, content, ts.ScriptTarget.ESNext);
  const { parseDiagnostics, referencedFiles, checkJsDirective } = source as ts.SourceFile & {
    parseDiagnostics: readonly ts.Diagnostic[];
    checkJsDirective?: object;
  };
  expect(parseDiagnostics.map(({ messageText }) => messageText)).toEqual([]);
  expect(referencedFiles).toEqual([]);
  expect(checkJsDirective).toBeUndefined();
  const found = new Set<ts.SyntaxKind>();
  (function visit(node: ts.Node): void {
    found.add(node.kind);
    ts.forEachChild(node, visit);
  })(source);
  return found;
}

function commentsAndStrings(content: string): string {
  return (content.match(/\/\*[\s\S]*?\*\/|\/\/.*|"(?:[^"\\]|\\.)*"/g) ?? []).join("\n");
}

function fileWithNesting(depth: number) {
  let message: DescriptorProto = create(DescriptorProtoSchema, { name: "M" });
  for (let level = 1; level < depth; level++)
    message = create(DescriptorProtoSchema, { name: "M", nestedType: [message] });
  return create(FileDescriptorProtoSchema, {
    name: "deep.proto",
    messageType: [message],
    service: [{ name: "S", method: [{ name: "R", inputType: ".M", outputType: ".M" }] }],
  });
}
