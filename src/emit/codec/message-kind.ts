import type { DescFile, DescMessage } from "@bufbuild/protobuf";

/** All messages of a file, nested ones behind their parents; map entries are none. */
export function messagesOf(file: DescFile): DescMessage[] {
  const all: DescMessage[] = [];
  const add = (message: DescMessage): void => {
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
