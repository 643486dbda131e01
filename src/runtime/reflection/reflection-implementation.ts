import { createFileRegistry, type DescFile, type DescService, fromBinary, toBinary } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import type { ServerDuplex } from "../call/server/types.js";
import type { Service } from "../core/service.js";
import { status as Status } from "../core/status.js";
import { DescriptorIndex } from "./descriptor-index.js";
import type { ServerReflectionHandlers } from "./gen/grpc/reflection/v1/reflection_grpc.js";
import {
  file_grpc_reflection_v1_reflection,
  type ServerReflectionRequest,
} from "./gen/grpc/reflection/v1/reflection_pb.js";
import { file_grpc_reflection_v1alpha_reflection } from "./gen/grpc/reflection/v1alpha/reflection_pb.js";

/** A file of protobuf-es (`file_…` of generated code), or a serialized `google.protobuf.FileDescriptorSet`. */
export type ReflectionSource = DescFile | Uint8Array;

/** A `Server`, or any other object that lists its services. */
export interface ServesServices {
  /** The services, with any type of handlers. */
  readonly services: readonly Service<never>[];
}

/** Options of {@link ReflectionImplementation}. */
export interface ReflectionOptions {
  /** Services that are listed. Default: those of the server; where files are given, the services in them, and reflection itself. */
  readonly services?: Iterable<string | Service<never>>;
}

/** The part of a response that answers the request, as an init shape. */
type Answer = NonNullable<Parameters<ServerDuplex<never, ResponseInit>["send"]>[0]["messageResponse"]>;
type ResponseInit = Parameters<Parameters<ServerReflectionHandlers["serverReflectionInfo"]>[0]["send"]>[0];

/** The data from which requests are answered. */
interface Known {
  readonly index: DescriptorIndex;
  /** Full names, sorted. */
  readonly services: readonly string[];
}

/** Answers reflection requests from descriptors. */
export class ReflectionImplementation implements ServerReflectionHandlers {
  /** Called for each request, because services may be added to the server later, this one among them. */
  readonly #known: () => Known;

  /**
   * @param sources The server whose services are described. The descriptors come from the messages of protobuf-es; services with messages
   * of ts-proto are listed, but not described. Or files and descriptor sets.
   * @throws Error if a descriptor set cannot be read, or does not contain a file that it imports (`--include_imports`)
   */
  constructor(sources: ServesServices | Iterable<ReflectionSource>, options: ReflectionOptions = {}) {
    const listed = options.services === undefined ? undefined : [...options.services].map(nameOf);
    if ("services" in sources) {
      this.#known = served(sources, listed);
      return;
    }
    const index = indexOf([...sources].flatMap((source) => [...filesOf(source)]));
    const known = { index, services: [...(listed ?? index.services)].sort() };
    this.#known = () => known;
  }

  /** Answers each request with one response. For an unknown name that has the error NOT_FOUND, and the call goes on. */
  async *serverReflectionInfo(
    call: ServerDuplex<ServerReflectionRequest, ResponseInit>,
  ): AsyncGenerator<ResponseInit, void> {
    /** Files that this call has sent: each is sent once. */
    const sent = new Set<DescFile>();
    for await (const request of call) {
      const messageResponse = answer(request, this.#known(), sent);
      yield { validHost: request.host, originalRequest: request, messageResponse };
    }
  }
}

function answer({ messageRequest }: ServerReflectionRequest, { index, services }: Known, sent: Set<DescFile>): Answer {
  switch (messageRequest.case) {
    case "listServices":
      return { case: "listServicesResponse", value: { service: services.map((name) => ({ name })) } };
    case "fileByFilename":
      return files(index.file(messageRequest.value), `file ${messageRequest.value}`, sent);
    case "fileContainingSymbol":
      return files(index.fileOfSymbol(messageRequest.value), `symbol ${messageRequest.value}`, sent);
    case "fileContainingExtension": {
      const { containingType, extensionNumber } = messageRequest.value;
      const file = index.fileOfExtension(containingType, extensionNumber);
      return files(file, `extension ${extensionNumber} of ${containingType}`, sent);
    }
    case "allExtensionNumbersOfType": {
      const baseTypeName = messageRequest.value;
      const extensionNumber = index.extensionNumbers(baseTypeName);
      if (extensionNumber === undefined) return fault(Status.NOT_FOUND, `unknown type ${baseTypeName}`);
      return { case: "allExtensionNumbersResponse", value: { baseTypeName, extensionNumber } };
    }
    default:
      return fault(Status.INVALID_ARGUMENT, "the request asks for nothing");
  }
}

/** The services of a server, read again when there are more of them. */
function served(server: ServesServices, listed: readonly string[] | undefined): () => Known {
  let known: Known | undefined;
  let count = -1;
  return () => {
    const { services } = server;
    if (known === undefined || services.length !== count) {
      count = services.length;
      const files = services.flatMap(({ descriptor }) => {
        // Descriptors of services are those of protobuf-es, which the types of the runtime's core do not name.
        return descriptor === undefined ? [] : [(descriptor as unknown as DescService).file];
      });
      known = { index: indexOf(files), services: [...(listed ?? services.map(nameOf))].sort() };
    }
    return known;
  };
}

function indexOf(files: readonly DescFile[]): DescriptorIndex {
  const index = new DescriptorIndex();
  for (const file of [...files, file_grpc_reflection_v1_reflection, file_grpc_reflection_v1alpha_reflection])
    index.add(file);
  return index;
}

function nameOf(service: string | Service<never>): string {
  return typeof service === "string" ? service : service.typeName;
}

function filesOf(source: ReflectionSource): Iterable<DescFile> {
  return source instanceof Uint8Array
    ? createFileRegistry(fromBinary(FileDescriptorSetSchema, source)).files
    : [source];
}

/** The file, which always comes and comes first, and its imports without those that this call has sent already. */
function files(file: DescFile | undefined, what: string, sent: Set<DescFile>): Answer {
  if (file === undefined) return fault(Status.NOT_FOUND, `unknown ${what}`);
  sent.delete(file);
  const wanted: DescFile[] = [];
  const collect = (one: DescFile): void => {
    if (sent.has(one)) return;
    sent.add(one);
    wanted.push(one);
    one.dependencies.forEach(collect);
  };
  collect(file);
  const fileDescriptorProto = wanted.map(({ proto }) => toBinary(FileDescriptorProtoSchema, proto));
  return { case: "fileDescriptorResponse", value: { fileDescriptorProto } };
}

function fault(errorCode: Status, errorMessage: string): Answer {
  return { case: "errorResponse", value: { errorCode, errorMessage } };
}
