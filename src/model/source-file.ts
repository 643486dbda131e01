import type { FileDescriptor, MessageDescriptor } from "./descriptors.js";
import type { DeclaredType, SourceFile } from "./file-model.js";
import { GenerateError } from "./generate-error.js";

/** As protoc's own limit on nested messages in a binary descriptor. */
const depthLimit = 100;

/** All types of a file: messages with what is nested in them, then enums, services and extensions. */
export function sourceFile(file: FileDescriptor): SourceFile {
  const types: DeclaredType[] = [];
  const scope = file.package === "" ? "" : `${file.package}.`;

  function addMessage(message: MessageDescriptor, parent: string, depth: number): void {
    // Entries of map fields are no types of their own.
    if (message.options?.mapEntry === true) return;
    if (depth > depthLimit) {
      throw new GenerateError("nested-too-deep", `messages are nested more than ${depthLimit} deep`, {
        file: file.name,
      });
    }
    const typeName = `${parent}${message.name}`;
    types.push({ kind: "message", typeName });
    for (const nested of message.nestedType) addMessage(nested, `${typeName}.`, depth + 1);
    for (const { name } of message.enumType) types.push({ kind: "enum", typeName: `${typeName}.${name}` });
    for (const { name } of message.extension) types.push({ kind: "extension", typeName: `${typeName}.${name}` });
  }

  for (const message of file.messageType) addMessage(message, scope, 1);
  for (const { name } of file.enumType) types.push({ kind: "enum", typeName: `${scope}${name}` });
  for (const { name } of file.service) types.push({ kind: "service", typeName: `${scope}${name}` });
  for (const { name } of file.extension) types.push({ kind: "extension", typeName: `${scope}${name}` });
  return { path: file.name, package: file.package, imports: file.dependency, types };
}
