import { createFileRegistry, type DescFile, fromBinary, toBinary } from "@bufbuild/protobuf";
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

export interface ReflectionOptions {
  /** What is listed. Default: the services of the files given, and reflection itself. */
  readonly services?: Iterable<string | Service>;
}

/** The response without what is the same in all of them; `MessageInitShape` of it. */
type Answer = NonNullable<Parameters<ServerDuplex<never, ResponseInit>["send"]>[0]["messageResponse"]>;
type ResponseInit = Parameters<Parameters<ServerReflectionHandlers["serverReflectionInfo"]>[0]["send"]>[0];

/** Answers reflection requests from descriptors. */
export class ReflectionImplementation implements ServerReflectionHandlers {
  readonly #index = new DescriptorIndex();
  readonly #services: readonly string[];

  /**
   * @throws where a descriptor set cannot be read or lacks a file it imports (`--include_imports`).
   */
  constructor(sources: Iterable<ReflectionSource>, options: ReflectionOptions = {}) {
    for (const source of sources) for (const file of filesOf(source)) this.#index.add(file);
    this.#index.add(file_grpc_reflection_v1_reflection);
    this.#index.add(file_grpc_reflection_v1alpha_reflection);
    const services = options.services === undefined ? this.#index.services : [...options.services].map(nameOf);
    this.#services = [...services].sort();
  }

  async *serverReflectionInfo(
    call: ServerDuplex<ServerReflectionRequest, ResponseInit>,
  ): AsyncGenerator<ResponseInit, void> {
    /** Files go out once a stream. */
    const sent = new Set<DescFile>();
    for await (const request of call) {
      yield { validHost: request.host, originalRequest: request, messageResponse: this.#answer(request, sent) };
    }
  }

  #answer({ messageRequest }: ServerReflectionRequest, sent: Set<DescFile>): Answer {
    switch (messageRequest.case) {
      case "listServices":
        return { case: "listServicesResponse", value: { service: this.#services.map((name) => ({ name })) } };
      case "fileByFilename":
        return files(this.#index.file(messageRequest.value), `file ${messageRequest.value}`, sent);
      case "fileContainingSymbol":
        return files(this.#index.fileOfSymbol(messageRequest.value), `symbol ${messageRequest.value}`, sent);
      case "fileContainingExtension": {
        const { containingType, extensionNumber } = messageRequest.value;
        const file = this.#index.fileOfExtension(containingType, extensionNumber);
        return files(file, `extension ${extensionNumber} of ${containingType}`, sent);
      }
      case "allExtensionNumbersOfType": {
        const baseTypeName = messageRequest.value;
        const extensionNumber = this.#index.extensionNumbers(baseTypeName);
        if (extensionNumber === undefined) return fault(Status.NOT_FOUND, `unknown type ${baseTypeName}`);
        return { case: "allExtensionNumbersResponse", value: { baseTypeName, extensionNumber } };
      }
      default:
        return fault(Status.INVALID_ARGUMENT, "the request asks for nothing");
    }
  }
}

function nameOf(service: string | Service): string {
  return typeof service === "string" ? service : service.typeName;
}

function filesOf(source: ReflectionSource): Iterable<DescFile> {
  return source instanceof Uint8Array
    ? createFileRegistry(fromBinary(FileDescriptorSetSchema, source)).files
    : [source];
}

/** The file with all it imports, less what this stream has had. The file itself always comes, and first. */
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
