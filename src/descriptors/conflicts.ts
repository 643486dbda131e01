import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import type { FileSet } from "./file-set.js";
import { lengthDelimited } from "./length-delimited.js";

const decoder = new TextDecoder();

// Field numbers of google/protobuf/descriptor.proto.
const file = { package: 2, message: 4, enum: 5, service: 6, extension: 7 } as const;
const message = { nested: 3, extension: 6 } as const;
const field = { extendee: 2, number: 3 } as const;
const named = { name: 1, enumValue: 2 } as const;

/**
 * Whether two files declare the same name or extend a message by the same number: what protoc refuses where it sees both.
 * Names inside messages meet only where the messages do. A value of an enum lies beside its enum, not in it
 * (https://protobuf.dev/programming-guides/enum/).
 */
export function haveConflict(files: FileSet): boolean {
  const packages = new Set<string>();
  const declared = new Set<string>();
  for (const { bytes } of files.values()) {
    const found = declarations(bytes);
    for (const name of found.packages) packages.add(name);
    for (const name of found.names) {
      if (declared.has(name)) return true;
      declared.add(name);
    }
  }
  return [...packages].some((name) => declared.has(name));
}

interface Declarations {
  /** The package, and those it lies in. */
  readonly packages: readonly string[];
  /** Full names, and extensions as `.extended.Message#number`. */
  readonly names: readonly string[];
}

function declarations(bytes: Uint8Array): Declarations {
  let scope = "";
  const local: string[] = [];
  const extensions: Uint8Array[] = [];
  for (const [number, value] of lengthDelimited(bytes)) {
    if (number === file.package) scope = text(value);
    if (number === file.message || number === file.enum || number === file.service || number === file.extension)
      local.push(nameOf(value));
    if (number === file.enum) local.push(...valueNames(value));
    if (number === file.extension) extensions.push(value);
    if (number === file.message) extensions.push(...extensionsIn(value));
  }
  const steps = scope === "" ? [] : scope.split(".");
  return {
    packages: steps.map((_, index) => steps.slice(0, index + 1).join(".")),
    names: [...local.map((name) => (scope === "" ? name : `${scope}.${name}`)), ...extensions.map(extensionNumber)],
  };
}

function extensionsIn(type: Uint8Array): Uint8Array[] {
  return [...lengthDelimited(type)].flatMap(([number, value]) => {
    if (number === message.extension) return [value];
    return number === message.nested ? extensionsIn(value) : [];
  });
}

function nameOf(bytes: Uint8Array): string {
  for (const [number, value] of lengthDelimited(bytes)) if (number === named.name) return text(value);
  return "";
}

function valueNames(enumBytes: Uint8Array): string[] {
  return [...lengthDelimited(enumBytes)].flatMap(([number, value]) =>
    number === named.enumValue ? [nameOf(value)] : [],
  );
}

function extensionNumber(bytes: Uint8Array): string {
  let extendee = "";
  let number = 0;
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [tag, type] = reader.tag();
    if (tag === field.extendee && type === WireType.LengthDelimited) extendee = reader.string();
    else if (tag === field.number && type === WireType.Varint) number = reader.int32();
    else reader.skip(type, tag);
  }
  return `${extendee}#${number}`;
}

function text(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}
