import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import {
  CodeGeneratorRequestSchema,
  CodeGeneratorResponseSchema,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
} from "@bufbuild/protobuf/wkt";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { closure, splitFileSet } from "../../src/descriptors/file-set.js";
import { countMethods } from "../../src/descriptors/method-counts.js";
import { encodeRequest } from "../../src/descriptors/request.js";
import { decodeResponse } from "../../src/descriptors/response.js";

const set = create(FileDescriptorSetSchema, {
  file: [
    { name: "a.proto", package: "a", messageType: [{ name: "A" }] },
    { name: "b.proto", dependency: ["a.proto"] },
    {
      name: "c.proto",
      dependency: ["b.proto"],
      service: [
        {
          name: "S",
          method: [
            { name: "U" },
            { name: "D", serverStreaming: true },
            { name: "C", clientStreaming: true, serverStreaming: false },
            { name: "B", clientStreaming: true, serverStreaming: true },
          ],
        },
        { name: "Empty" },
      ],
    },
    { name: "d.proto" },
  ],
});
const bytes = toBinary(FileDescriptorSetSchema, set);

describe("a descriptor set", () => {
  test("is split into its files as they are", () => {
    const files = splitFileSet(bytes);
    expect([...files.keys()]).toEqual(["a.proto", "b.proto", "c.proto", "d.proto"]);
    for (const file of set.file) {
      const found = files.get(file.name);
      expect(found?.bytes).toEqual(toBinary(FileDescriptorProtoSchema, file));
      expect(found).toMatchObject({
        dependencies: file.dependency,
        serviceCount: file.service.length,
        isImport: false,
      });
    }
  });

  test("closes over imports, each file after those it imports", () => {
    const names = (wanted: string[]) => closure(splitFileSet(bytes), wanted).map((file) => file.name);
    expect(names(["c.proto"])).toEqual(["a.proto", "b.proto", "c.proto"]);
    expect(names(["d.proto", "b.proto"])).toEqual(["a.proto", "b.proto", "d.proto"]);
    expect(names(["nowhere.proto"])).toEqual([]);
  });

  test("becomes the request protoc would send", () => {
    const request = fromBinary(CodeGeneratorRequestSchema, encodeRequest(splitFileSet(bytes), ["b.proto"], "x=1,y"));
    expect(request).toMatchObject({ fileToGenerate: ["b.proto"], parameter: "x=1,y" });
    expect(request.protoFile).toEqual(set.file.slice(0, 2));
  });

  test("counts methods by kind in the files named", () => {
    const files = splitFileSet(bytes);
    const counts = { services: 2, unary: 1, serverStreaming: 1, clientStreaming: 1, bidiStreaming: 1 };
    expect(countMethods(files, ["a.proto", "c.proto"])).toEqual(counts);
    expect(countMethods(files, ["a.proto"]).services).toBe(0);
  });

  test("of buf marks imports, and its marks do not stay in the descriptors", () => {
    const file = toBinary(FileDescriptorProtoSchema, create(FileDescriptorProtoSchema, { name: "x.proto" }));
    const mark = new BinaryWriter().tag(1, WireType.Varint).bool(true).finish();
    const extension = new BinaryWriter().tag(8042, WireType.LengthDelimited).bytes(mark).finish();
    const syntax = new BinaryWriter().tag(12, WireType.LengthDelimited).string("proto3").finish();
    const image = new BinaryWriter()
      .tag(1, WireType.LengthDelimited)
      .bytes(Buffer.concat([file, extension, syntax, extension]))
      .finish();
    const found = splitFileSet(image).get("x.proto");
    expect(found?.isImport).toBe(true);
    expect(Buffer.from(found?.bytes ?? [])).toEqual(Buffer.concat([file, syntax]));
  });

  test("that is damaged gives an Error, not a hang or garbage of another kind", () => {
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), fc.nat(bytes.length), (at, value, length) => {
        const damaged = bytes.slice(0, length);
        if (at < length) damaged[at] = value;
        try {
          for (const file of splitFileSet(damaged).values()) expect(file.name).not.toBe("");
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

test("a plugin's response is read", () => {
  const response = create(CodeGeneratorResponseSchema, {
    supportedFeatures: 3n,
    file: [{ name: "a.ts", content: "ü" }, { name: "empty.ts" }],
  });
  const files = [
    { name: "a.ts", content: "ü" },
    { name: "empty.ts", content: "" },
  ];
  expect(decodeResponse(toBinary(CodeGeneratorResponseSchema, response))).toEqual({ error: "", files });
  const refusal = toBinary(CodeGeneratorResponseSchema, create(CodeGeneratorResponseSchema, { error: "no" }));
  expect(decodeResponse(refusal)).toEqual({ error: "no", files: [] });
});
