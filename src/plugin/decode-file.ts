import type {
  FileDescriptor,
  MessageDescriptor,
  MethodDescriptor,
  Named,
  ServiceDescriptor,
  SourceLocation,
} from "../model/descriptors.js";
import { flag, forEachField, type Range, range, text, varint } from "./lazy-message.js";

// Field numbers of google/protobuf/descriptor.proto are written beside the fields they belong to.

/** The same from bytes of its own. Throws a WireError, now or where the rest is read, when they are no message. */
export function fileFromBytes(bytes: Uint8Array): FileDescriptor {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return decodeFile({ bytes: buffer, start: 0, end: buffer.length });
}

/** A FileDescriptorProto of which only the outline is decoded; the rest is when it is asked for. */
export function decodeFile(whole: Range): FileDescriptor {
  const file = { name: "", package: "", syntax: "", edition: 0 };
  const dependency: string[] = [];
  const publicDependency: number[] = [];
  const messages: Range[] = [];
  const enums: Range[] = [];
  const services: Range[] = [];
  const extensions: Range[] = [];
  const options: Range[] = [];
  const sourceInfo: Range[] = [];
  const ranges = new Map([
    [4, messages],
    [5, enums],
    [6, services],
    [7, extensions],
    [8, options],
    [9, sourceInfo],
  ]);
  forEachField(whole, (field, reader) => {
    if (field.type === 2) {
      ranges.get(field.number)?.push(range(whole, field));
      if (field.number === 1) file.name = text(whole, field);
      else if (field.number === 2) file.package = text(whole, field);
      else if (field.number === 3) dependency.push(text(whole, field));
      else if (field.number === 10) publicDependency.push(...reader.packed(field.start, field.end));
      else if (field.number === 12) file.syntax = text(whole, field);
    } else if (field.type === 0) {
      if (field.number === 10) publicDependency.push(field.value);
      else if (field.number === 14) file.edition = field.value;
    }
  });
  const { name, syntax, edition } = file;
  return {
    name,
    package: file.package,
    dependency,
    publicDependency,
    syntax,
    edition,
    get encoded() {
      return whole.bytes.subarray(whole.start, whole.end);
    },
    get messageType() {
      return messages.map((message) => decodeMessage(message));
    },
    get enumType() {
      return enums.map(decodeNamed);
    },
    get service() {
      return services.map(decodeService);
    },
    get extension() {
      return extensions.map(decodeNamed);
    },
    get options() {
      return { deprecated: flag(options, 23) };
    },
    get sourceCodeInfo() {
      return { location: sourceInfo.flatMap(decodeLocations) };
    },
  };
}

function decodeNamed(whole: Range): Named {
  let name = "";
  forEachField(whole, (field) => {
    if (field.number === 1 && field.type === 2) name = text(whole, field);
  });
  return { name };
}

function decodeMessage(whole: Range): MessageDescriptor {
  const nested: Range[] = [];
  const enums: Range[] = [];
  const extensions: Range[] = [];
  const options: Range[] = [];
  const ranges = new Map([
    [3, nested],
    [4, enums],
    [6, extensions],
    [7, options],
  ]);
  let name = "";
  forEachField(whole, (field) => {
    if (field.type !== 2) return;
    ranges.get(field.number)?.push(range(whole, field));
    if (field.number === 1) name = text(whole, field);
  });
  return {
    name,
    get nestedType() {
      return nested.map(decodeMessage);
    },
    get enumType() {
      return enums.map(decodeNamed);
    },
    get extension() {
      return extensions.map(decodeNamed);
    },
    options: { mapEntry: flag(options, 7) },
  };
}

function decodeService(whole: Range): ServiceDescriptor {
  const method: MethodDescriptor[] = [];
  const options: Range[] = [];
  let name = "";
  forEachField(whole, (field) => {
    if (field.type !== 2) return;
    if (field.number === 1) name = text(whole, field);
    else if (field.number === 2) method.push(decodeMethod(range(whole, field)));
    else if (field.number === 3) options.push(range(whole, field));
  });
  return { name, method, options: { deprecated: flag(options, 33) } };
}

function decodeMethod(whole: Range): MethodDescriptor {
  const method = { name: "", inputType: "", outputType: "", clientStreaming: false, serverStreaming: false };
  const options: Range[] = [];
  forEachField(whole, (field) => {
    if (field.type === 2) {
      if (field.number === 1) method.name = text(whole, field);
      else if (field.number === 2) method.inputType = text(whole, field);
      else if (field.number === 3) method.outputType = text(whole, field);
      else if (field.number === 4) options.push(range(whole, field));
    } else if (field.type === 0) {
      if (field.number === 5) method.clientStreaming = field.value !== 0;
      else if (field.number === 6) method.serverStreaming = field.value !== 0;
    }
  });
  return { ...method, options: { deprecated: flag(options, 33), idempotencyLevel: varint(options, 34) } };
}

function decodeLocations(whole: Range): SourceLocation[] {
  const locations: SourceLocation[] = [];
  forEachField(whole, (field) => {
    if (field.number !== 1 || field.type !== 2) return;
    const location = decodeLocation(range(whole, field));
    if (location !== undefined) locations.push(location);
  });
  return locations;
}

/** A location of a service, an rpc, the syntax or the edition; all others are skipped at their first field. */
function decodeLocation(whole: Range): SourceLocation | undefined {
  const location = { leadingComments: "", trailingComments: "" };
  const path: number[] = [];
  const span: number[] = [];
  const leadingDetachedComments: string[] = [];
  let wanted = true;
  forEachField(whole, (field, reader) => {
    if (!wanted) return;
    if (field.type !== 2) {
      if (field.type !== 0) return;
      if (field.number === 1) path.push(field.value);
      else if (field.number === 2) span.push(field.value);
      return;
    }
    if (field.number === 1) {
      path.push(...reader.packed(field.start, field.end));
      wanted = path[0] === 6 || path[0] === 12 || path[0] === 14;
    } else if (field.number === 2) span.push(...reader.packed(field.start, field.end));
    else if (field.number === 3) location.leadingComments = text(whole, field);
    else if (field.number === 4) location.trailingComments = text(whole, field);
    else if (field.number === 6) leadingDetachedComments.push(text(whole, field));
  });
  return wanted ? { path, span, leadingDetachedComments, ...location } : undefined;
}
