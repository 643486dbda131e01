import { type Codec, writeBytes } from "../core/codec.js";
import type { ForeignMetadata, Metadata } from "../core/metadata.js";
import type { AnyMethod, MethodKind } from "../core/method.js";
import type { Service } from "../core/service.js";
import type { NestGrpcOptions } from "./nest-options.js";

/** What is used of grpc-js's method definitions, as `@grpc/proto-loader` makes them. */
interface LoadedMethod {
  readonly path: string;
  readonly requestStream: boolean;
  readonly responseStream: boolean;
  readonly requestDeserialize: (bytes: Buffer) => unknown;
  readonly requestSerialize: (message: unknown) => Buffer;
  readonly responseDeserialize: (bytes: Buffer) => unknown;
  readonly responseSerialize: (message: unknown) => Buffer;
  readonly requestType?: LoadedType | undefined;
  readonly responseType?: LoadedType | undefined;
}

/** What is used of grpc-js. */
interface GrpcJs {
  readonly Metadata: { fromHttp2Headers(headers: object): ForeignMetadata };
}

interface LoadedType {
  readonly type?: { readonly name?: string | undefined } | undefined;
}

/** Services of .proto files that were not generated, and metadata as their handlers know it. */
export interface Loaded {
  readonly services: readonly Service<never>[];
  readonly metadata: (metadata: Metadata) => ForeignMetadata;
}

/** Loads what Nest's own transport would load. @throws Error that says what to install, and for a package that has no service */
export async function loadServices(options: NestGrpcOptions): Promise<Loaded> {
  const { Metadata: GrpcMetadata } = (await load("@grpc/grpc-js")) as GrpcJs;
  const definition = options.packageDefinition ?? (await definitionOf(options));
  const packages = [options.package].flat();
  const services: Service<never>[] = [];
  for (const name of packages) {
    const found = Object.entries(definition).filter(([type, value]) => type.startsWith(`${name}.`) && isService(value));
    if (found.length === 0) throw new Error(`GrpcStrategy: the .proto files have no service of the package "${name}"`);
    for (const [type, methods] of found) services.push(serviceOf(type, methods));
  }
  return { services, metadata: (metadata) => GrpcMetadata.fromHttp2Headers(metadata.toHttp2Headers()) };
}

async function definitionOf({
  protoPath,
  protoLoader = "@grpc/proto-loader",
  loader,
}: NestGrpcOptions): Promise<object> {
  if (protoPath === undefined) throw new TypeError("GrpcStrategy: give services, or package with protoPath");
  const { loadSync } = (await load(protoLoader)) as { loadSync: (path: string | string[], options?: object) => object };
  return loadSync(protoPath, loader);
}

async function load(name: string): Promise<unknown> {
  try {
    const loaded = await import(name);
    return "default" in loaded ? { ...loaded.default, ...loaded } : loaded;
  } catch (cause) {
    throw new Error(`GrpcStrategy with protoPath needs ${name}: npm install ${name}`, { cause });
  }
}

function isService(value: unknown): value is Readonly<Record<string, LoadedMethod>> {
  if (typeof value !== "object" || value === null || "format" in value) return false; // a message or an enum has a format
  return Object.values(value).every((method) => typeof method?.path === "string");
}

function serviceOf(typeName: string, methods: Readonly<Record<string, LoadedMethod>>): Service<never> {
  return { typeName, methods: new Map(Object.entries(methods).map(([name, method]) => [name, methodOf(method)])) };
}

function methodOf(method: LoadedMethod): AnyMethod {
  return {
    kind: kindOf(method),
    path: method.path,
    request: codecOf(method.requestType, method.requestSerialize, method.requestDeserialize),
    response: codecOf(method.responseType, method.responseSerialize, method.responseDeserialize),
  };
}

function kindOf({ requestStream, responseStream }: LoadedMethod): MethodKind {
  if (requestStream) return responseStream ? "bidi_streaming" : "client_streaming";
  return responseStream ? "server_streaming" : "unary";
}

function codecOf(
  type: LoadedType | undefined,
  serialize: (message: unknown) => Buffer,
  deserialize: (bytes: Buffer) => unknown,
): Codec<unknown, never> {
  return {
    typeName: type?.type?.name ?? "message",
    encode: (message, into) => writeBytes(serialize(message), into),
    // A copy: what it reads may keep views of it.
    decode: (bytes) => deserialize(Buffer.from(bytes)),
  };
}
