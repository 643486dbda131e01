import { fileNames, type NamedMessage } from "../emit/file-names.js";
import type { LocalMessage } from "../emit/message-flavour.js";
import { messageModule } from "../emit/message-module.js";
import { specifier } from "../emit/module-path.js";
import { buildModel } from "../model/build-model.js";
import type { Documented, MethodKind } from "../model/file-model.js";
import { Schema } from "../model/schema.js";
import { emitOptionsOf } from "../plugin/generate.js";
import { parseOptions } from "../plugin/options.js";
import type { CodeGeneratorRequest } from "../plugin/plugin-messages.js";

/** What the skeleton of one service is made from: names and modules as the generated stubs have them. */
export interface SkeletonService extends Documented {
  /** `weather.v1.Weather` */
  readonly typeName: string;
  /** `Weather` */
  readonly name: string;
  /** The .proto file. */
  readonly file: string;
  /** The module of the stubs, for an import in the skeleton's file. */
  readonly stubs: string;
  /** What the stubs export for the service. */
  readonly exported: { readonly Service: string; readonly Handlers: string; readonly Unimplemented: string };
  readonly methods: readonly SkeletonMethod[];
}

export interface SkeletonMethod extends Documented {
  readonly name: string;
  readonly localName: string;
  readonly kind: MethodKind;
  readonly request: SkeletonMessage;
  readonly response: SkeletonMessage;
}

/** A message, its exports, and the type of what may be sent. */
export interface SkeletonMessage {
  readonly module: string;
  readonly shape: string;
  readonly value: string;
  /** The type of what may be sent, given what its value is called here; with what that imports. */
  readonly init: (local: LocalMessage) => InitType;
}

export interface InitType {
  /** `type PointInit = MessageInitShape<typeof PointSchema>;` */
  readonly text: string;
  readonly imports: readonly { readonly module: string; readonly name: string }[];
}

/** Services there are, by full name, with the file that declares each. */
export function servicesIn({ fileToGenerate, protoFile }: CodeGeneratorRequest): ReadonlyMap<string, string> {
  const asked = new Set(fileToGenerate);
  return new Map(
    protoFile
      .filter(({ name }) => asked.has(name))
      .flatMap((file) =>
        file.service.map(({ name }) => [file.package === "" ? name : `${file.package}.${name}`, file.name] as const),
      ),
  );
}

/**
 * Reads one service of a request.
 *
 * @param importer turns a module of the output folder's root (`./weather/v1/weather_grpc.js`) into one for the skeleton's file
 * @throws GenerateError where the schema or the options are at fault
 */
export function skeletonService(
  request: CodeGeneratorRequest,
  typeName: string,
  file: string,
  importer: (module: string) => string,
): SkeletonService {
  const options = emitOptionsOf(parseOptions(request.parameter), request.fileToGenerate);
  const { flavour, importExtension } = options;
  const schema = new Schema(request.protoFile);
  const model = buildModel(schema.file(file), schema);
  const names = fileNames(model, flavour);
  const sources = new Map(model.sources.map((source) => [source.path, source]));
  const index = model.services.findIndex((service) => service.typeName === typeName);
  const service = model.services[index]!;

  const moduleOf = (path: string): string => importer(messageModule(sources.get(path)!, "root", options));
  const message = ({ ref, exported }: NamedMessage): SkeletonMessage => ({
    module: moduleOf(ref.file),
    ...exported,
    init: (local) => flavour.initType(local, "ts")!,
  });
  return {
    typeName,
    name: service.name,
    file,
    comments: service.comments,
    deprecated: service.deprecated,
    stubs: importer(specifier(`./${file.replace(/\.proto$/, "")}_grpc.js`, "root", importExtension)),
    exported: names.services[index]!,
    methods: service.methods.map((method) => ({
      name: method.name,
      localName: method.localName,
      kind: method.kind,
      comments: method.comments,
      deprecated: method.deprecated,
      request: message(names.messages.get(method.request.typeName)!),
      response: message(names.messages.get(method.response.typeName)!),
    })),
  };
}
