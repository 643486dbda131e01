import { fromBinary } from "@bufbuild/protobuf";
import { type CodeGeneratorRequest, CodeGeneratorRequestSchema } from "@bufbuild/protobuf/wkt";
import type { Compiled } from "../compile/compiled.js";
import { closure } from "../descriptors/file-set.js";
import { encodeRequest } from "../descriptors/request.js";
import { GenStubsError } from "../errors/gen-stubs-error.js";
import type { GeneratedFile, MessageGenerator } from "../messages/message-generator.js";
import { run } from "../plugin/run.js";
import { checkNames } from "./output/safe-path.js";
import type { Progress } from "./report/progress.js";
import { countMethods, type MethodCounts } from "./report/stats.js";

export interface GenerateOptions {
  readonly generator: MessageGenerator;
  /** Options of the stubs' plugin, with all defaults in. */
  readonly stubs: ReadonlyMap<string, string>;
  readonly messages: ReadonlyMap<string, string>;
  readonly includeImports: boolean;
  readonly progress: Progress;
}

export interface Generated {
  /** Sorted by name; names are checked. */
  readonly outputs: readonly GeneratedFile[];
  readonly counts: MethodCounts;
}

/**
 * Generates messages and stubs in memory, at the same time: messages in processes of their own, stubs in this one.
 *
 * @throws GenStubsError GS3001, GS4001–GS4003, GS5001, GS5005.
 */
export async function generate(compiled: Compiled, options: GenerateOptions): Promise<Generated> {
  const { files } = compiled;
  const named = new Set(compiled.generate);
  const messageFiles = options.includeImports ? closure(files, named).map((file) => file.name) : compiled.generate;
  const wanted = messageFiles.filter((name) => !options.generator.brings(name));
  options.progress.stage("generating messages", wanted.length);
  const messages = options.generator.generate({
    files,
    generate: wanted,
    options: options.messages,
    onProgress: (count) => options.progress.advance(count),
  });
  // The stubs are made while the messages' processes run; those need a turn of the event loop to get their input.
  const stubs = new Promise<CodeGeneratorRequest>((resolve) => {
    setImmediate(() => resolve(decodeRequest(compiled, options.stubs)));
  }).then((request) => ({ files: runStubs(request), counts: countMethods(request) }));
  const [made, own] = await Promise.all([messages, stubs]);
  const outputs = [...made, ...own.files].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  checkNames(outputs);
  return { outputs, counts: own.counts };
}

function decodeRequest(compiled: Compiled, options: ReadonlyMap<string, string>): CodeGeneratorRequest {
  const parameter = [...options].map(([key, value]) => (value === "" ? key : `${key}=${value}`)).join(",");
  return fromBinary(CodeGeneratorRequestSchema, encodeRequest(compiled.files, compiled.generate, parameter));
}

function runStubs(request: CodeGeneratorRequest): readonly GeneratedFile[] {
  const response = run(request);
  if (response.error !== undefined) throw new GenStubsError({ code: "GS3001", message: response.error });
  return response.file.map(({ name, content }) => ({ name, content }));
}
