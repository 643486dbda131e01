import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import type { FileSet } from "./file-set.js";
import { lengthDelimited } from "./length-delimited.js";

export interface MethodCounts {
  readonly services: number;
  readonly unary: number;
  readonly serverStreaming: number;
  readonly clientStreaming: number;
  readonly bidiStreaming: number;
}

// Field numbers of google/protobuf/descriptor.proto.
const fileService = 6;
const serviceMethod = 2;
const method = { clientStreaming: 5, serverStreaming: 6 } as const;

/** Counts services, and methods by kind, in the files named. */
export function countMethods(files: FileSet, names: readonly string[]): MethodCounts {
  const counts = { services: 0, unary: 0, serverStreaming: 0, clientStreaming: 0, bidiStreaming: 0 };
  for (const name of names) {
    const file = files.get(name);
    if (file === undefined || file.serviceCount === 0) continue;
    for (const service of submessages(file.bytes, fileService)) {
      counts.services++;
      for (const bytes of submessages(service, serviceMethod)) counts[kindOf(bytes)]++;
    }
  }
  return counts;
}

function* submessages(bytes: Uint8Array, number: number): Generator<Uint8Array> {
  for (const [field, value] of lengthDelimited(bytes)) if (field === number) yield value;
}

function kindOf(bytes: Uint8Array): Exclude<keyof MethodCounts, "services"> {
  let [client, server] = [false, false];
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (field === method.clientStreaming && type === WireType.Varint) client = reader.bool();
    else if (field === method.serverStreaming && type === WireType.Varint) server = reader.bool();
    else reader.skip(type, field);
  }
  if (client) return server ? "bidiStreaming" : "clientStreaming";
  return server ? "serverStreaming" : "unary";
}
