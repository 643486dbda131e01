/** Requests that are messages, though their contents are not what protoc lets pass. */
import { create, toBinary } from "@bufbuild/protobuf";
import { CodeGeneratorRequestSchema } from "@bufbuild/protobuf/wkt";
import fc, { type Arbitrary } from "fast-check";
import { identifier, packageName, parameter, path, text } from "./hostile.js";

interface MessageInit {
  readonly name: string;
  readonly nestedType: readonly MessageInit[];
}

const index = fc.oneof({ weight: 5, arbitrary: fc.nat(4) }, fc.integer());

const messageType: Arbitrary<MessageInit> = fc.letrec<{ message: MessageInit }>((tie) => ({
  message: fc.record({
    name: identifier,
    nestedType: fc.oneof({ maxDepth: 6 }, fc.constant([]), fc.array(tie("message"), { maxLength: 2 })),
    enumType: fc.array(fc.record({ name: identifier }), { maxLength: 1 }),
    extension: fc.array(fc.record({ name: identifier }), { maxLength: 1 }),
    options: fc.oneof({ weight: 40, arbitrary: fc.constant(undefined) }, fc.constant({ mapEntry: true })),
  }),
})).message;

const location = fc.record({
  path: fc.oneof(
    fc.constantFrom([12], [6, 0], [6, 0, 2, 0], [6, 0, 2, 1], [6, 1], [2]),
    fc.array(fc.integer({ min: -1, max: 20 }), { maxLength: 6 }),
  ),
  span: fc.array(fc.integer(), { maxLength: 5 }),
  leadingComments: text,
  trailingComments: text,
  leadingDetachedComments: fc.array(text, { maxLength: 2 }),
});

/** Types to refer to: declared ones as a rule, so that most requests get as far as the emitter. */
function reference(declared: readonly string[]): Arbitrary<string> {
  const dangling = fc.oneof(fc.constantFrom("", ".", "..", ".a", "a", ".a..b", ".__proto__", ".constructor"), text);
  if (declared.length === 0) return dangling;
  return fc.oneof({ weight: 150, arbitrary: fc.constantFrom(...declared) }, { weight: 1, arbitrary: dangling });
}

const file = fc
  .record({
    name: path,
    package: packageName,
    dependency: fc.array(path, { maxLength: 4 }),
    publicDependency: fc.array(index, { maxLength: 3 }),
    weakDependency: fc.array(index, { maxLength: 1 }),
    messageType: fc.array(messageType, { minLength: 1, maxLength: 4 }),
    enumType: fc.array(fc.record({ name: identifier }), { maxLength: 2 }),
    extension: fc.array(fc.record({ name: identifier }), { maxLength: 1 }),
    options: fc.constantFrom(undefined, { deprecated: true }),
    sourceCodeInfo: fc.option(fc.record({ location: fc.array(location, { maxLength: 4 }) }), { nil: undefined }),
    syntax: fc.oneof({ weight: 40, arbitrary: fc.constantFrom("", "proto2", "proto3") }, text),
    edition: fc.oneof({ weight: 40, arbitrary: fc.constantFrom(998, 999, 1000, 1001, 1002) }, fc.integer()),
  })
  .chain((outline) =>
    fc
      .array(service(reference(typeNames(outline.package, outline.messageType))), { maxLength: 3 })
      .map((services) => ({ ...outline, service: services })),
  );

function service(type: Arbitrary<string>): Arbitrary<object> {
  const method = fc.record({
    name: identifier,
    inputType: type,
    outputType: type,
    clientStreaming: fc.boolean(),
    serverStreaming: fc.boolean(),
    options: fc.constantFrom(undefined, { deprecated: true }),
  });
  return fc.record({
    name: identifier,
    method: fc.array(method, { maxLength: 6 }),
    options: fc.constantFrom(undefined, { deprecated: true }),
  });
}

function typeNames(parent: string, messages: readonly MessageInit[]): string[] {
  return messages.flatMap(({ name, nestedType }) => {
    const full = `${parent === "" || parent.startsWith(".") ? parent : `.${parent}`}.${name}`;
    return [full, ...typeNames(full, nestedType)];
  });
}

/** An encoded CodeGeneratorRequest. */
export const request: Arbitrary<Uint8Array> = fc
  .record({
    parameter,
    protoFile: fc.oneof(
      { weight: 20, arbitrary: fc.uniqueArray(file, { maxLength: 3, selector: ({ name }) => name }) },
      fc.array(file, { maxLength: 3 }),
    ),
    others: fc.oneof({ weight: 20, arbitrary: fc.constant([]) }, fc.tuple(path)),
    compilerVersion: fc.constantFrom(undefined, { major: -1, minor: 2, patch: 3, suffix: "x" }),
  })
  .map(({ others, ...rest }) => {
    // Lone surrogates cannot be encoded.
    const fileToGenerate = [...rest.protoFile.map(({ name }) => name), ...others];
    const json = JSON.stringify({ ...rest, fileToGenerate }, (_, value) =>
      typeof value === "string" ? Buffer.from(value).toString() : value,
    );
    return toBinary(CodeGeneratorRequestSchema, create(CodeGeneratorRequestSchema, JSON.parse(json)));
  });

/** A request whose messages are nested thousands deep, which a decoder that calls itself does not survive. */
export const deeplyNested: Arbitrary<Uint8Array> = fc.nat(20_000).map((depth) => {
  let message: Buffer = Buffer.from([0x0a, 1, 0x4d]);
  const parts: Buffer[] = [message];
  let length = message.length;
  for (let level = 0; level < depth; level++) {
    const head = Buffer.concat([Buffer.from([0x0a, 1, 0x4d, 0x1a]), varint(length)]);
    parts.unshift(head);
    length += head.length;
  }
  message = Buffer.concat(parts);
  const service = field(
    6,
    Buffer.concat([
      field(1, Buffer.from("S")),
      field(2, Buffer.concat([field(1, Buffer.from("R")), field(2, Buffer.from(".M")), field(3, Buffer.from(".M"))])),
    ]),
  );
  const proto = Buffer.concat([
    field(1, Buffer.from("a.proto")),
    field(4, message),
    service,
    field(12, Buffer.from("proto3")),
  ]);
  return Uint8Array.from(Buffer.concat([field(1, Buffer.from("a.proto")), field(15, proto)]));
});

function field(number: number, bytes: Uint8Array): Buffer {
  return Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest % 128) + 128);
  }
}
