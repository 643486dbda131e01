import type { FileDescriptor, MethodDescriptor, ServiceDescriptor } from "./descriptors.js";
import { syntaxName } from "./edition.js";
import type { FileModel, Idempotency, MessageRef, MethodKind, ServiceModel } from "./file-model.js";
import { GenerateError, type Place } from "./generate-error.js";
import { methodNames } from "./names/method-names.js";
import type { Schema } from "./schema.js";
import { SourceInfo } from "./source-info.js";

const identifier = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Reads one file's descriptor. Throws a GenerateError where it is not a schema that protoc would let pass. */
export function buildModel(file: FileDescriptor, schema: Schema): FileModel {
  const syntax = syntaxName(file);
  const info = new SourceInfo(file);
  for (const part of file.package === "" ? [] : file.package.split("."))
    checkName("package", part, { file: file.name });
  const services = file.service.map((service, index) => buildService(service, index, { file, schema, info }));
  return {
    path: file.name,
    package: file.package,
    syntax,
    preamble: info.preamble(),
    services,
    source: schema.source(file.name),
    sources: sourcesOf(services, file, schema),
  };
}

interface Context {
  readonly file: FileDescriptor;
  readonly schema: Schema;
  readonly info: SourceInfo;
}

function buildService(service: ServiceDescriptor, index: number, context: Context): ServiceModel {
  const { file, info } = context;
  checkName("service", service.name, info.place(index));
  const typeName = file.package === "" ? service.name : `${file.package}.${service.name}`;
  const localNames = methodNames(service.method.map(({ name }) => name));
  return {
    name: service.name,
    typeName,
    comments: info.comments(index),
    deprecated: file.options?.deprecated === true || service.options?.deprecated === true,
    methods: service.method.map((method, at) => {
      const place = info.place(index, at);
      checkName("rpc", method.name, place);
      return {
        name: method.name,
        localName: localNames[at]!,
        kind: kindOf(method),
        path: `/${typeName}/${method.name}`,
        place,
        request: resolve(method.inputType, place, context),
        response: resolve(method.outputType, place, context),
        comments: info.comments(index, at),
        deprecated: method.options?.deprecated === true,
        idempotency: IDEMPOTENCY[method.options?.idempotencyLevel ?? 0],
      };
    }),
  };
}

/** By the numbers of `google.protobuf.MethodOptions.IdempotencyLevel`. */
const IDEMPOTENCY: readonly (Idempotency | undefined)[] = [undefined, "no_side_effects", "idempotent"];

function kindOf({ clientStreaming, serverStreaming }: MethodDescriptor): MethodKind {
  if (clientStreaming) return serverStreaming ? "bidi_streaming" : "client_streaming";
  return serverStreaming ? "server_streaming" : "unary";
}

function resolve(type: string, place: Place, { file, schema }: Context): MessageRef {
  const typeName = type.startsWith(".") ? type.slice(1) : type;
  for (const part of typeName.split(".")) checkName("message", part, place);
  const declaring = schema.declaringFile(typeName, file);
  if (declaring !== undefined) return { typeName, file: declaring };
  throw new GenerateError(
    "unknown-type",
    `message ${typeName} is declared neither here nor in an import of this file`,
    place,
  );
}

function checkName(what: string, name: string, place: Place): void {
  if (identifier.test(name)) return;
  throw new GenerateError("bad-name", `${what} name ${JSON.stringify(name)} is not an identifier`, place);
}

function sourcesOf(services: readonly ServiceModel[], file: FileDescriptor, schema: Schema): FileModel["sources"] {
  const paths = new Set<string>();
  for (const { methods } of services) {
    for (const { request, response } of methods) paths.add(request.file).add(response.file);
  }
  const own = paths.delete(file.name) ? [file.name] : [];
  return [...own, ...[...paths].sort()].map((path) => schema.source(path));
}
