import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import {
  type DescriptorProtoSchema,
  type EnumDescriptorProtoSchema,
  type FieldDescriptorProtoSchema,
  FileDescriptorSetSchema,
  type ServiceDescriptorProtoSchema,
} from "@bufbuild/protobuf/wkt";
import { expect, test } from "vitest";
import { haveConflict } from "../../src/descriptors/conflicts.js";
import { splitFileSet } from "../../src/descriptors/file-set.js";

interface File {
  package?: string;
  messageType?: MessageInitShape<typeof DescriptorProtoSchema>[];
  enumType?: MessageInitShape<typeof EnumDescriptorProtoSchema>[];
  service?: MessageInitShape<typeof ServiceDescriptorProtoSchema>[];
  extension?: MessageInitShape<typeof FieldDescriptorProtoSchema>[];
}

const message = (name: string): File => ({ package: "a", messageType: [{ name }] });
const extension = (number: number, name: string) => ({ name, number, extendee: ".a.Open" });

test.each<[what: string, conflict: boolean, first: File, second: File]>([
  ["two messages of one name", true, message("A"), message("A")],
  ["two names", false, message("A"), message("B")],
  ["one name in two packages", false, message("A"), { ...message("A"), package: "b" }],
  ["one name in no package", true, { messageType: [{ name: "A" }] }, { enumType: [{ name: "A" }] }],
  ["a message and an enum", true, message("A"), { package: "a", enumType: [{ name: "A" }] }],
  ["a message and a service", true, message("A"), { package: "a", service: [{ name: "A" }] }],
  [
    "a message and a value of an enum",
    true,
    message("A"),
    { package: "a", enumType: [{ name: "E", value: [{ name: "A" }] }] },
  ],
  [
    "values of two enums",
    true,
    { package: "a", enumType: [{ name: "E", value: [{ name: "NONE" }] }] },
    { package: "a", enumType: [{ name: "F", value: [{ name: "NONE" }] }] },
  ],
  [
    "messages in messages",
    false,
    { package: "a", messageType: [{ name: "A", nestedType: [{ name: "In" }] }] },
    { package: "a", messageType: [{ name: "B", nestedType: [{ name: "In" }] }] },
  ],
  ["a message and a package", true, message("b"), { package: "a.b.c" }],
  ["one package", false, { package: "a.b" }, { package: "a.b" }],
  [
    "extensions of one name",
    true,
    { package: "a", extension: [extension(1, "x")] },
    { package: "a", extension: [extension(2, "x")] },
  ],
  [
    "extensions of one number",
    true,
    { package: "a", extension: [extension(1, "x")] },
    { package: "b", messageType: [{ name: "B", nestedType: [{ name: "In", extension: [extension(1, "y")] }] }] },
  ],
  [
    "extensions of one name in two messages",
    false,
    { package: "a", messageType: [{ name: "A", extension: [extension(1, "x")] }] },
    { package: "a", messageType: [{ name: "B", extension: [extension(2, "x")] }] },
  ],
])("%s: %s", (_, conflict, first, second) => {
  const set = create(FileDescriptorSetSchema, {
    file: [
      { ...first, name: "first.proto" },
      { ...second, name: "second.proto" },
    ],
  });
  expect(haveConflict(splitFileSet(toBinary(FileDescriptorSetSchema, set)))).toBe(conflict);
});
