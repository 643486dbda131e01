import { create, toBinary } from "@bufbuild/protobuf";
import {
  CodeGeneratorRequestSchema,
  DescriptorProtoSchema,
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
} from "@bufbuild/protobuf/wkt";
import { describe, expect, test } from "vitest";
import { decodeRequest } from "../../src/plugin/decode-request.js";
import { run } from "../../src/plugin/run.js";
import { compile, request } from "./request.js";

const shop = compile({
  "money.proto": 'syntax = "proto3";\npackage shop;\nmessage Money { int64 units = 1; }\n',
  "shop.proto":
    'syntax = "proto3";\npackage shop;\nimport "money.proto";\nservice Shop { rpc Buy(Order) returns (Money); }\nmessage Order { Money price = 1; }\n',
});
const option = "codec=generated";

function generate(files: FileDescriptorProto[], asked?: string[], parameter = option): Map<string, string> {
  const { error, file } = run(request(files, parameter, asked));
  expect(error).toBeUndefined();
  return new Map(file.map(({ name, content }) => [name, content]));
}

describe("codec=generated", () => {
  test("writes a codec file for each file with messages, services or not", () => {
    expect([...generate(shop, ["money.proto", "shop.proto"]).keys()]).toEqual([
      "money_codec.ts",
      "shop_grpc.ts",
      "shop_codec.ts",
    ]);
    expect([...generate(shop, ["money.proto"], `${option},target=js+dts`).keys()]).toEqual([
      "money_codec.js",
      "money_codec.d.ts",
    ]);
  });

  test("the stubs and other codec files import what is generated in the same run", () => {
    const files = generate(shop, ["money.proto", "shop.proto"]);
    expect(files.get("shop_grpc.ts")).toContain('import { MoneyCodec } from "./money_codec";');
    expect(files.get("shop_grpc.ts")).toContain('buy: unary("/shop.Shop/Buy", OrderCodec, MoneyCodec)');
    expect(files.get("shop_codec.ts")).toContain('import { readMoney, writeMoney } from "./money_codec";');
  });

  test("what is generated in another run is left to the runtime's codec", () => {
    const files = generate(shop, ["shop.proto"]);
    expect(files.get("shop_grpc.ts")).toContain('unary("/shop.Shop/Buy", OrderCodec, es(MoneySchema))');
    expect(files.get("shop_codec.ts")).not.toContain("money_codec");
    expect(files.get("shop_codec.ts")).toContain("writeRare(out, OrderSchema, 1, message, isMessage);");
  });

  test("without it there is none", () => {
    expect([...generate(shop, ["money.proto", "shop.proto"], "").keys()]).toEqual(["shop_grpc.ts"]);
    expect([...generate(shop, ["money.proto"], "codec=runtime").keys()]).toEqual([]);
  });

  test("is the same from bytes as from messages", () => {
    const asked = ["money.proto", "shop.proto"];
    const bytes = toBinary(CodeGeneratorRequestSchema, request(shop, option, asked));
    expect(run(decodeRequest(bytes)).file).toEqual(run(request(shop, option, asked)).file);
  });

  test.each([
    ["codec=fast", "option codec=fast: allowed are runtime, generated [bad-option-value]"],
    [
      "codec=generated,messages=ts_proto",
      "option codec=generated needs messages=es: ts-proto generates codecs of its own [bad-option-value]",
    ],
  ])("%s is refused", (parameter, error) => {
    expect(run(request(shop, parameter)).error).toBe(error);
  });

  test("a name that is code is refused", () => {
    const messageType = [create(DescriptorProtoSchema, { name: "A { } */ process.exit(); /*" })];
    const file = create(FileDescriptorProtoSchema, { name: "a.proto", syntax: "proto3", messageType });
    // Which of the two libraries sees it first depends on the version of protobuf-es.
    expect(outcome(file)).toMatch(/is not an identifier|invalid message name/);
  });

  test("descriptors that do not fit together are told so", () => {
    const field = [{ name: "a", number: 1, label: 1, type: 11, typeName: ".none.Such" }];
    const messageType = [create(DescriptorProtoSchema, { name: "A", field })];
    const file = create(FileDescriptorProtoSchema, { name: "a.proto", syntax: "proto3", messageType });
    expect(outcome(file)).toMatch(/the descriptors do not fit together: .*none.Such/);
  });
});

/** The error, returned or thrown. */
function outcome(file: FileDescriptorProto): string {
  try {
    return run(request([file], option)).error ?? "";
  } catch (error) {
    return String(error);
  }
}
