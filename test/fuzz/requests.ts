/** Requests that are messages, though their contents are not what protoc lets pass. */
import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import {
  CodeGeneratorRequestSchema,
  type DescriptorProtoSchema,
  type FileDescriptorProtoSchema,
} from "@bufbuild/protobuf/wkt";
import fc, { type Arbitrary } from "fast-check";
import { identifier, packageName, parameter, path, text } from "./hostile.js";

type FileInit = MessageInitShape<typeof FileDescriptorProtoSchema>;
type MessageInit = MessageInitShape<typeof DescriptorProtoSchema>;

const index = fc.oneof({ weight: 5, arbitrary: fc.nat(4) }, fc.integer());

const messageType: Arbitrary<MessageInit> = fc.letrec<{ message: MessageInit }>((tie) => ({
  message: fc.record({
    name: identifier,
    nestedType: fc.oneof({ maxDepth: 6 }, fc.constant([]), fc.array(tie("message"), { maxLength: 2 })),
    enumType: fc.array(fc.record({ name: identifier }), { maxLength: 1 }),
    extension: fc.array(fc.record({ name: identifier }), { maxLength: 1 }),
    options: fc.constantFrom(undefined, { mapEntry: true }, { mapEntry: false }),
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
  return fc.oneof({ weight: 30, arbitrary: fc.constantFrom(...declared) }, { weight: 1, arbitrary: dangling });
}

const file: Arbitrary<FileInit> = fc
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
    syntax: fc.oneof({ weight: 6, arbitrary: fc.constantFrom("", "proto2", "proto3", "editions") }, text),
    edition: fc.oneof({ weight: 6, arbitrary: fc.constantFrom(998, 999, 1000, 1001) }, fc.integer()),
  })
  .chain((outline) =>
    fc
      .array(service(reference(typeNames(outline.package, outline.messageType))), { maxLength: 3 })
      .map((services) => ({ ...outline, service: services })),
  );

function service(type: Arbitrary<string>): Arbitrary<NonNullable<FileInit["service"]>[number]> {
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
    const full = `${parent === "" || parent.startsWith(".") ? parent : `.${parent}`}.${name ?? ""}`;
    return [full, ...typeNames(full, nestedType ?? [])];
  });
}

/** An encoded CodeGeneratorRequest. */
export const request: Arbitrary<Uint8Array> = fc
  .record({
    parameter,
    protoFile: fc.array(file, { maxLength: 3 }),
    others: fc.array(path, { maxLength: 1 }),
    compilerVersion: fc.constantFrom(undefined, { major: -1, minor: 2, patch: 3, suffix: "x" }),
  })
  .map(({ others, ...rest }) => {
    // Lone surrogates cannot be encoded.
    const fileToGenerate = [...rest.protoFile.map(({ name }) => name ?? ""), ...others];
    const json = JSON.stringify({ ...rest, fileToGenerate }, (_, value) =>
      typeof value === "string" ? value.toWellFormed() : value,
    );
    return toBinary(CodeGeneratorRequestSchema, create(CodeGeneratorRequestSchema, JSON.parse(json)));
  });
