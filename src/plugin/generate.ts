import { emitCodecFile } from "../emit/codec/emit-codec-file.js";
import { esCodecFlavour } from "../emit/codec/es-codec-flavour.js";
import { emitFile } from "../emit/emit-file.js";
import { emitK6File } from "../emit/emit-k6.js";
import type { EmitOptions } from "../emit/emit-options.js";
import { esFlavour } from "../emit/es-flavour.js";
import { emptyFile } from "../emit/header.js";
import type { MessageFlavour } from "../emit/message-flavour.js";
import type { Target } from "../emit/template.js";
import { tsProtoFlavour } from "../emit/ts-proto-flavour.js";
import { buildModel } from "../model/build-model.js";
import type { FileDescriptor } from "../model/descriptors.js";
import { syntaxName } from "../model/edition.js";
import { GenerateError } from "../model/generate-error.js";
import { Schema } from "../model/schema.js";
import { linkFiles } from "./linked-files.js";
import type { PluginOptions } from "./options.js";
import { OutputPaths } from "./output-path.js";
import type { CodeGeneratorRequest, GeneratedFile } from "./plugin-messages.js";

const extensions: Readonly<Record<Target, string>> = { ts: ".ts", js: ".js", dts: ".d.ts" };

/** What is wrong with several files is told at once, but not without end. */
const errorLimit = 20;

export interface Generated {
  /** In the order of the files to generate: one for each target and each .proto file that has services. */
  readonly files: GeneratedFile[];
  /** What will not work, but does not stop us. */
  readonly warnings: string[];
}

/** Generates stubs for the files to generate. Throws a GenerateError, or an AggregateError of several. */
export function generate(request: CodeGeneratorRequest, options: PluginOptions): Generated {
  const run: Run = {
    schema: new Schema(request.protoFile),
    paths: new OutputPaths(),
    options,
    generated: new Set(request.fileToGenerate),
    linked: options.codec === "generated" ? linkFiles(request.protoFile) : undefined,
    emitOptions: { ...options, flavour: flavourOf(options, new Set(request.fileToGenerate)) },
    warnings: [],
  };
  const files: GeneratedFile[] = [];
  const errors: GenerateError[] = [];
  for (const name of new Set(request.fileToGenerate)) {
    try {
      files.push(...generateFile(run.schema.file(name), run));
    } catch (error) {
      if (!(error instanceof GenerateError)) throw error;
      if (errors.push(error) >= errorLimit) break;
    }
  }
  if (errors.length === 1) throw errors[0]!;
  if (errors.length > 1) throw new AggregateError(errors);
  return { files, warnings: run.warnings };
}

interface Run {
  readonly generated: ReadonlySet<string>;
  /** Where codecs are generated: the files as protobuf-es sees them. */
  readonly linked: ReturnType<typeof linkFiles> | undefined;
  readonly schema: Schema;
  readonly paths: OutputPaths;
  readonly options: PluginOptions;
  readonly emitOptions: EmitOptions;
  readonly warnings: string[];
}

function generateFile(file: FileDescriptor, run: Run): GeneratedFile[] {
  const { schema, paths, options, emitOptions } = run;
  // Before all else, as protoc asks of plugins: a file whose edition we do not know may mean something else than it says.
  syntaxName(file);
  const hasServices = file.service.length > 0;
  const { linked } = run;
  const withCodec = linked !== undefined && file.messageType.length > 0;
  if (!hasServices && !options.keepEmptyFiles && !withCodec) return [];
  const model = buildModel(file, schema);
  run.warnings.push(...emitOptions.flavour.warnings(model));
  const claim = (ending: string, target: Target): string =>
    paths.claim(`${file.name.replace(/\.proto$/, "")}${ending}${extensions[target]}`, file.name);
  return options.targets.flatMap((target) => {
    const codec = withCodec ? [codecFile(target)] : [];
    if (!hasServices && !options.keepEmptyFiles) return codec;
    const name = claim("_grpc", target);
    const stubs = { name, content: hasServices ? emitFile(model, name, target, emitOptions) : emptyFile(model) };
    if (!options.k6 || !hasServices) return [stubs, ...codec];
    const k6 = claim("_k6", target);
    return [stubs, ...codec, { name: k6, content: emitK6File(model, k6, target, emitOptions) }];
  });

  function codecFile(target: Target): GeneratedFile {
    const name = claim("_codec", target);
    const input = {
      model,
      file: linked!(file.name),
      generated: run.generated,
      source: (path: string) => schema.source(path),
    };
    return { name, content: emitCodecFile(input, name, target, emitOptions) };
  }
}

function flavourOf({ messages, tsProto, codec }: PluginOptions, generated: ReadonlySet<string>): MessageFlavour {
  if (messages === "ts_proto") return tsProtoFlavour(tsProto);
  return codec === "generated" ? esCodecFlavour(generated) : esFlavour(generated);
}
