import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";

/** One compiled `.proto` file: its descriptor, still encoded, and what can be told without decoding it. */
export interface DescriptorFile {
  /** Import name, e.g. `routeguide/v1/route_guide.proto`. */
  readonly name: string;
  /** An encoded `google.protobuf.FileDescriptorProto`. */
  readonly bytes: Uint8Array;
  readonly dependencies: readonly string[];
  readonly serviceCount: number;
  /** Encoded size of the message and enum types: what generating them costs, roughly. */
  readonly typeBytes: number;
  /** Set by buf on files that are only imported. */
  readonly isImport: boolean;
}

/** Compiled files by import name, each after those it imports. */
export type FileSet = ReadonlyMap<string, DescriptorFile>;

// Field numbers of google/protobuf/descriptor.proto.
const set = { file: 1 } as const;
const file = { name: 1, dependency: 3, messageType: 4, enumType: 5, service: 6 } as const;
// buf's Image is a FileDescriptorSet whose files carry an extension of buf's, number 8042, with `is_import = 1`.
const bufExtension = 8042;
const bufIsImport = 1;

/**
 * Splits an encoded `google.protobuf.FileDescriptorSet` into its files.
 *
 * @throws Error when the bytes are not such a set.
 */
export function splitFileSet(bytes: Uint8Array): FileSet {
  const files = new Map<string, DescriptorFile>();
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (field !== set.file || type !== WireType.LengthDelimited) {
      reader.skip(type, field);
      continue;
    }
    const entry = scanFile(reader.bytes());
    files.set(entry.name, entry);
  }
  return files;
}

function scanFile(bytes: Uint8Array): DescriptorFile {
  let name = "";
  const dependencies: string[] = [];
  let serviceCount = 0;
  let typeBytes = 0;
  let isImport = false;
  let own = bytes;
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const start = reader.pos;
    const [field, type] = reader.tag();
    if (type !== WireType.LengthDelimited) reader.skip(type, field);
    else if (field === file.name) name = reader.string();
    else if (field === file.dependency) dependencies.push(reader.string());
    else {
      const value = reader.bytes();
      if (field === file.service) serviceCount++;
      else if (field === file.messageType || field === file.enumType) typeBytes += value.length;
      else if (field === bufExtension) {
        isImport = readIsImport(value);
        // Generators embed descriptors: buf's notes to itself must not end up there.
        own = without(own, bytes.length, start, reader.pos);
      }
    }
  }
  if (name === "") throw new Error("a file in the descriptor set has no name");
  return { name, bytes: own, dependencies, serviceCount, typeBytes, isImport };
}

/** Cuts the part from `start` to `end`, counted in the bytes as they were when they were `length` long. */
function without(bytes: Uint8Array, length: number, start: number, end: number): Uint8Array {
  const cut = length - bytes.length;
  const result = new Uint8Array(bytes.length - (end - start));
  result.set(bytes.subarray(0, start - cut));
  result.set(bytes.subarray(end - cut), start - cut);
  return result;
}

function readIsImport(bytes: Uint8Array): boolean {
  const reader = new BinaryReader(bytes);
  let value = false;
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (field === bufIsImport && type === WireType.Varint) value = reader.bool();
    else reader.skip(type, field);
  }
  return value;
}

/** The files named and all they import, directly or not, in the order of the set. */
export function closure(files: FileSet, names: Iterable<string>): readonly DescriptorFile[] {
  const wanted = new Set<string>();
  const open = [...names];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const entry = wanted.has(name) ? undefined : files.get(name);
    if (entry === undefined) continue;
    wanted.add(name);
    open.push(...entry.dependencies);
  }
  return [...files.values()].filter((entry) => wanted.has(entry.name));
}

/** Whether a file is one of protobuf's own, whose messages come with the protobuf runtime. */
export function isWellKnown(name: string): boolean {
  return name.startsWith("google/protobuf/");
}
