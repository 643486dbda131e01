import {
  create,
  createFileRegistry,
  type DescExtension,
  type DescMessage,
  type FileRegistry,
} from "@bufbuild/protobuf";
import {
  type DescriptorProto,
  DescriptorProtoSchema,
  Edition,
  type FieldDescriptorProto,
  FieldDescriptorProto_Label,
  FieldDescriptorProto_Type,
  FieldDescriptorProtoSchema,
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
  file_google_protobuf_struct,
  file_google_protobuf_timestamp,
  file_google_protobuf_wrappers,
} from "@bufbuild/protobuf/wkt";
import { enumsOf } from "./enums.js";
import { addFields } from "./fields.js";
import type { Random } from "./random.js";

/** A file of random messages, and its registry. */
export interface RandomSchema {
  readonly file: FileDescriptorProto;
  readonly registry: FileRegistry;
  readonly messages: readonly DescMessage[];
  readonly extensions: readonly DescExtension[];
}

export const pkg = "fuzz.v1";
const foreign = [file_google_protobuf_struct, file_google_protobuf_timestamp, file_google_protobuf_wrappers];
/** Type names of other files that fields may have. */
export const foreignTypes: readonly string[] = foreign.flatMap(({ messages }) => messages.map((m) => m.typeName));

/** Messages of all kinds of fields, in proto2, proto3 or an edition, with names that trouble objects. */
export function randomSchema(random: Random): RandomSchema {
  const edition = random.pick([
    Edition.EDITION_PROTO2,
    Edition.EDITION_PROTO3,
    Edition.EDITION_2023,
    Edition.EDITION_2024,
  ]);
  const syntax =
    edition === Edition.EDITION_PROTO2 ? "proto2" : edition === Edition.EDITION_PROTO3 ? "proto3" : "editions";
  const enums = enumsOf(random, edition);
  const messages = Array.from({ length: 1 + random.below(4) }, (_, i) =>
    create(DescriptorProtoSchema, { name: `M${i}` }),
  );
  const nested = random.once(2) ? [create(DescriptorProtoSchema, { name: "Inner" })] : [];
  messages[0]?.nestedType.push(...nested);
  const types = [...messages.map(({ name }) => `.${pkg}.${name}`), ...nested.map(({ name }) => `.${pkg}.M0.${name}`)];
  for (const [message, typeName] of [...messages, ...nested].map((one, i) => [one, types[i] ?? ""] as const)) {
    addFields(message, { random, edition, enums, types, typeName });
    if (syntax !== "proto3" && random.once(2)) message.extensionRange.push(extensions());
  }
  const extended = messages.filter(({ extensionRange }) => extensionRange.length > 0);
  const extension = extended.map(({ name }, i) => extensionOf(random, `.${pkg}.${name}`, `x${i}`, types));
  const file = create(FileDescriptorProtoSchema, {
    name: "fuzz.proto",
    package: pkg,
    syntax,
    ...(syntax === "editions" ? { edition } : {}),
    dependency: foreign.map(({ proto }) => proto.name),
    messageType: messages,
    extension,
    enumType: enums.map((one) => one.proto),
  });
  const registry = createFileRegistry(file, (name) => foreign.find(({ proto }) => proto.name === name));
  return {
    file,
    registry,
    messages: types.map((type) => messageOf(registry, type.slice(1))),
    extensions: [...registry].filter((type) => type.kind === "extension"),
  };
}

function messageOf(registry: FileRegistry, typeName: string): DescMessage {
  const message = registry.getMessage(typeName);
  if (message === undefined) throw new Error(`no message ${typeName}`);
  return message;
}

function extensions(): DescriptorProto["extensionRange"][number] {
  return create(DescriptorProtoSchema, { extensionRange: [{ start: 1_000, end: 2_000 }] }).extensionRange[0]!;
}

function extensionOf(random: Random, extendee: string, name: string, types: readonly string[]): FieldDescriptorProto {
  const isMessage = random.once(2);
  return create(FieldDescriptorProtoSchema, {
    name,
    extendee,
    number: 1_100,
    label: random.pick([FieldDescriptorProto_Label.OPTIONAL, FieldDescriptorProto_Label.REPEATED]),
    type: isMessage ? FieldDescriptorProto_Type.MESSAGE : FieldDescriptorProto_Type.STRING,
    typeName: isMessage ? random.pick(types) : "",
  });
}
