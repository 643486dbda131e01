import type { DescFile, DescMessage } from "@bufbuild/protobuf";
import { GenerateError } from "../../../model/generate-error.js";

const identifier = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** All messages of a file, nested ones behind their parents; map entries are none. */
export function messagesOf(file: DescFile): DescMessage[] {
  const all: DescMessage[] = [];
  const add = (message: DescMessage): void => {
    // protoc lets nothing else through; names of fields are quoted where they are no identifiers.
    if (!identifier.test(message.name)) {
      const text = `message name ${JSON.stringify(message.name)} is not an identifier`;
      throw new GenerateError("bad-name", text, { file: file.proto.name });
    }
    all.push(message);
    message.nestedMessages.forEach(add);
  };
  file.messages.forEach(add);
  return all;
}

/** Whether a field is called like a property of every object (`has_own_property`): such messages stay with protobuf-es. */
export function shadowsObject(message: DescMessage): boolean {
  return message.members.some(({ localName }) => localName in Object.prototype);
}

const proto2 = 998;
const proto3 = 999;
const implicit = 2;

/** Whether presence is told by the prototype, which then carries the defaults; as protobuf-es decides it. */
export function needsPrototype({ file, fields }: DescMessage): boolean {
  if (file.edition === proto3) return false;
  if (file.edition === proto2) return true;
  return fields.some(
    ({ presence, fieldKind, oneof }) => presence !== implicit && fieldKind !== "message" && oneof === undefined,
  );
}
