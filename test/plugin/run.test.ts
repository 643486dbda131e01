import { clone, create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  CodeGeneratorRequestSchema,
  CodeGeneratorResponseSchema,
  Edition,
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
} from "@bufbuild/protobuf/wkt";
import { describe, expect, test } from "vitest";
import { outcome, run, runBytes } from "../../src/plugin/run.js";
import { compile, request } from "./request.js";

const greeter = {
  "greeter.proto":
    'syntax = "proto3";\npackage greet;\nservice Greeter {\n  // Says hello.\n  rpc Hello(Name) returns (Name);\n}\nmessage Name {}\n',
};

describe("the response", () => {
  test("declares proto3 optional, and editions from proto2 to 2026", () => {
    const response = fromBinary(
      CodeGeneratorResponseSchema,
      runBytes(toBinary(CodeGeneratorRequestSchema, request(compile(greeter)))),
    );
    expect(response.supportedFeatures).toBe(3n);
    expect(response.minimumEdition).toBe(Edition.EDITION_PROTO2);
    expect(response.maximumEdition).toBe(Edition.EDITION_2026);
    expect(response.error).toBe("");
    expect(response.file.map(({ name }) => name)).toEqual(["greeter_grpc.ts"]);
  });

  test("has files for those files to generate that have services, in the order asked for, and for no others", () => {
    const files = compile({ ...greeter, "types.proto": 'syntax = "proto3";\nmessage T {}\n' });
    const again = renamed(files[0]!, { name: "again.proto" });
    const asked = ["types.proto", "greeter.proto", "again.proto"];
    expect(run(request([...files, again], "", asked)).file.map(({ name }) => name)).toEqual([
      "greeter_grpc.ts",
      "again_grpc.ts",
    ]);
    expect(run(request([...files, again], "", ["types.proto"])).file).toEqual([]);
  });

  test("is the same for messages of protobuf-es and for bytes", () => {
    const message = request(compile(greeter), "target=ts+js+dts");
    const response = fromBinary(CodeGeneratorResponseSchema, runBytes(toBinary(CodeGeneratorRequestSchema, message)));
    const direct = run(message).file;
    expect(direct).toHaveLength(3);
    expect(response.file.map(({ name, content }) => ({ name, content }))).toEqual(direct);
    expect(response.file[0]!.content).toContain("   * Says hello.\n");
  });

  test("does not depend on what else is in the request", () => {
    const files = compile(greeter);
    const other = compile({
      "other.proto": 'syntax = "proto3";\npackage other;\nmessage Name {}\nmessage Greeter {}\n',
    });
    expect(run(request([...other, ...files], "", ["greeter.proto"])).file).toEqual(run(request(files)).file);
  });
});

describe("a fault in the input comes back as an error", () => {
  test.for([
    ["targt=ts", 'unknown option "targt": allowed are target, import_extension, js_import_style, messages'],
    ["target=tsx", "option target=tsx: allowed are ts, js, dts, or several joined with +"],
    ["import_extension=mjs", "option import_extension=mjs: allowed are none, js, ts"],
    ["client=maybe", "option client=maybe: allowed are true, false"],
    ["client=false,server=0", "client=false and server=false leave nothing to generate"],
    ["messages=jspb", "option messages=jspb: allowed are es, ts_proto"],
    ["Ma.proto", "option Ma.proto: write M<file>=<module>"],
    ["rewrite_imports=x", "option rewrite_imports=x: write rewrite_imports=<pattern>:<target>"],
    ["map_imports=x:", "option map_imports=x:: write map_imports=<pattern>:<target>"],
    [
      "messages=ts_proto,map_imports=x:y",
      "option map_imports is not for messages=ts_proto, which has M<file>=<module>",
    ],
  ] as const)("%s", ([parameter, error]) => {
    const response = run(request(compile(greeter), parameter));
    expect(response.error).toContain(error);
    expect(response.file).toEqual([]);
  });

  test("a type that nobody declares: with file, line and column", () => {
    const [file] = compile(greeter);
    file!.service[0]!.method[0]!.outputType = ".greet.Gone";
    expect(run(request([file!])).error).toBe(
      "greeter.proto:5:3: message greet.Gone is declared neither here nor in an import of this file [unknown-type]",
    );
  });

  test("a type in a file that is there, but not imported", () => {
    const files = compile({ ...greeter, "other.proto": 'syntax = "proto3";\npackage other;\nmessage O {}\n' });
    files.find(({ name }) => name === "greeter.proto")!.service[0]!.method[0]!.inputType = ".other.O";
    expect(run(request(files)).error).toContain("message other.O is declared neither here nor in an import");
  });

  test("a file that is asked for, but not there", () => {
    expect(run(request(compile(greeter), "", ["gone.proto"])).error).toContain(
      'asks for "gone.proto", but does not contain it',
    );
  });

  test.for(["service", "rpc", "package", "message"] as const)("a %s name that is no identifier", (what) => {
    const name = "a\n() {} evil(";
    const [file] = compile(greeter);
    const service = file!.service[0]!;
    if (what === "service") service.name = name;
    if (what === "rpc") service.method[0]!.name = name;
    if (what === "package") file!.package = name;
    if (what === "message") service.method[0]!.inputType = `.greet.${name}`;
    expect(run(request([file!])).error).toContain(`${what} name "a\\n() {} evil(" is not an identifier [bad-name]`);
  });

  test("several faulty files: all at once", () => {
    const [file] = compile(greeter);
    const faulty = ["a.proto", "b.proto"].map((name) => renamed(file!, { name, package: "1" }));
    expect(
      run(request([...faulty, file!]))
        .error?.split("\n")
        .map((line) => line.slice(0, 8)),
    ).toEqual(["a.proto:", "b.proto:"]);
  });
});

function renamed(file: FileDescriptorProto, names: { name: string; package?: string }): FileDescriptorProto {
  return Object.assign(clone(FileDescriptorProtoSchema, file), names);
}

describe("editions", () => {
  const unknown = create(FileDescriptorProtoSchema, {
    name: "new.proto",
    syntax: "editions",
    edition: 1234 as Edition,
  });

  test("one that is not known is an error in a file to generate, which names the file and the range", () => {
    expect(run(request([unknown])).error).toBe(
      "new.proto: edition 1234 is not supported; supported is proto2 to edition 2026 [unsupported-edition]",
    );
  });

  test("one that has a name is called by it", () => {
    const file = (edition: number) =>
      create(FileDescriptorProtoSchema, { name: "e.proto", syntax: "editions", edition });
    expect(run(request([file(9999)])).error).toContain("e.proto: edition unstable is not supported");
    expect(run(request([file(1002)], "keep_empty_files=true")).file[0]?.content).toContain(
      "from e.proto (edition 2026)",
    );
  });

  test("in a file that is only imported, it is nobody's business", () => {
    const [file] = compile(greeter);
    file!.dependency.push("new.proto");
    const response = run(request([unknown, file!], "", ["greeter.proto"]));
    expect(response.error).toBeUndefined();
    expect(response.file).toHaveLength(1);
  });
});

describe("where protoc-gen-es makes code that does not compile", () => {
  test("a message of a service: an error names it", () => {
    const files = compile({
      "any.proto": 'syntax = "proto3";\npackage p;\nservice S {\n  rpc R(any) returns (any);\n}\nmessage any {}\n',
    });
    expect(run(request(files)).error).toContain('message p.any: protoc-gen-es exports it as type "any"');
  });

  test("two rpcs that differ in the case of their first letter: a warning names them", () => {
    const files = compile({
      "two.proto":
        'syntax = "proto3";\npackage p;\nservice S {\n  rpc Get(M) returns (M);\n  rpc get(M) returns (M);\n}\nmessage M {}\n',
    });
    const response = run(request(files));
    expect(response.error).toBeUndefined();
    expect(response.warnings).toEqual([
      expect.stringContaining('two.proto: protoc-gen-es calls two rpcs of p.S "get"'),
    ]);
  });
});

describe("errors", () => {
  const asked = request(
    compile({
      "a.proto": 'syntax = "proto3";\nservice S {\n  rpc R(any) returns (any);\n}\nmessage any {}\n',
      "b.proto": 'syntax = "proto3";\npackage b;\nservice S {\n  rpc R(never) returns (never);\n}\nmessage never {}\n',
    }),
  );

  test("are data: a code, a place and a message each", () => {
    const result = outcome(asked);
    expect("errors" in result && result.errors.map(({ code, place }) => ({ code, place }))).toEqual([
      { code: "unusable-message-name", place: { file: "a.proto", line: 3, column: 3 } },
      { code: "unusable-message-name", place: { file: "b.proto", line: 4, column: 3 } },
    ]);
  });

  test("are a line each for protoc, whatever they quote", () => {
    expect(run(asked).error!.split("\n")).toHaveLength(2);
    expect(run({ ...asked, parameter: "client=a\nb\u0007" }).error).toBe(
      "option client=a\\nb\\u0007: allowed are true, false [bad-option-value]",
    );
  });
});
