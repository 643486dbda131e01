import { emitFile } from "../emit/emit-file.js";
import { emitK6File } from "../emit/emit-k6.js";
import type { EmitOptions } from "../emit/emit-options.js";
import { emptyFile } from "../emit/header.js";
import type { Target } from "../emit/template.js";
import type { CodecFiles } from "../messages/stub-library.js";
import { buildModel } from "../model/build-model.js";
import type { FileDescriptor } from "../model/descriptors.js";
import { syntaxName } from "../model/edition.js";
import { GenerateError } from "../model/generate-error.js";
import { Schema } from "../model/schema.js";
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

/** Several files' errors at once. */
export class GenerateErrors extends Error {
  readonly errors: readonly [GenerateError, ...GenerateError[]];

  constructor(first: GenerateError, rest: readonly GenerateError[]) {
    super([first, ...rest].join("\n"));
    this.errors = [first, ...rest];
  }
}

/** Generates stubs for the files to generate. Throws a GenerateErrors for what is wrong with them. */
export function generate(request: CodeGeneratorRequest, options: PluginOptions): Generated {
  const generated = new Set(request.fileToGenerate);
  const run: Run = {
    schema: new Schema(request.protoFile),
    paths: new OutputPaths(),
    options,
    codecFile: options.library.codecFiles?.(request.protoFile, generated),
    emitOptions: emitOptionsOf(options, generated),
    warnings: [],
  };
  const files: GeneratedFile[] = [];
  const errors: GenerateError[] = [];
  for (const name of generated) {
    try {
      files.push(...generateFile(run.schema.file(name), run));
    } catch (error) {
      if (!(error instanceof GenerateError)) throw error;
      if (errors.push(error) >= errorLimit) break;
    }
  }
  const [first, ...rest] = errors;
  if (first !== undefined) throw new GenerateErrors(first, rest);
  return { files, warnings: run.warnings };
}

interface Run {
  /** Writes codec files, where the library generates codecs. */
  readonly codecFile: CodecFiles | undefined;
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
  const { codecFile } = run;
  const withCodec = codecFile !== undefined && file.messageType.length > 0;
  if (!hasServices && !options.keepEmptyFiles && !withCodec) return [];
  const model = buildModel(file, schema);
  run.warnings.push(...emitOptions.flavour.warnings(model));
  const claim = (ending: string, target: Target): string =>
    paths.claim(`${file.name.replace(/\.proto$/, "")}${ending}${extensions[target]}`, file.name);
  return options.targets.flatMap((target) => {
    const codec = withCodec ? [codecOf(target)] : [];
    if (!hasServices && !options.keepEmptyFiles) return codec;
    const name = claim("_grpc", target);
    const stubs = { name, content: hasServices ? emitFile(model, name, target, emitOptions) : emptyFile(model) };
    if (!options.k6 || !hasServices) return [stubs, ...codec];
    const k6 = claim("_k6", target);
    return [stubs, ...codec, { name: k6, content: emitK6File(model, k6, target, emitOptions) }];
  });

  function codecOf(target: Target): GeneratedFile {
    const name = claim("_codec", target);
    return { name, content: codecFile!(model, (path) => schema.source(path), name, target, emitOptions) };
  }
}

/** What the stubs are emitted with. `generated`: the files that are generated in the same run. */
export function emitOptionsOf(options: PluginOptions, generated: Iterable<string>): EmitOptions {
  return { ...options, flavour: options.library.flavour(new Set(generated)) };
}
