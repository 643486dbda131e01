import type { Compiled } from "../compile/compiled.js";
import { closure } from "../descriptors/file-set.js";
import { countMethods, type MethodCounts } from "../descriptors/method-counts.js";
import { parameterOf } from "../descriptors/plugin-option.js";
import type { GeneratedFile } from "../descriptors/response.js";
import { GenStubsError } from "../errors/gen-stubs-error.js";
import type { MessageGenerator } from "../messages/message-generator.js";
import { fileFromBytes } from "../plugin/decode-file.js";
import { isMalformed, orMalformed } from "../plugin/decode-request.js";
import type { Generated as StubFiles } from "../plugin/generate.js";
import { type Outcome, outcome } from "../plugin/run.js";
import { checkNames } from "./output/safe-path.js";
import { pluginError } from "./plugin-error.js";
import type { Progress } from "./report/progress.js";
import type { Settings } from "./settings.js";

export interface GenerateOptions extends Settings {
  readonly generator: MessageGenerator;
  readonly includeImports: boolean;
  readonly progress: Progress;
  readonly cwd: string;
  readonly signal?: AbortSignal | undefined;
}

export interface Generated {
  /** Sorted by name; names are checked. */
  readonly outputs: readonly GeneratedFile[];
  readonly counts: MethodCounts;
  /** What of the schema will not work, but did not stop the stub generator. */
  readonly warnings: readonly string[];
}

/**
 * Generates messages and stubs in memory, at the same time: messages in processes of their own, stubs in this one.
 *
 * @throws GenStubsError GS1002, GS3001, GS4001–GS4003, GS5001, GS5005.
 */
export async function generate(compiled: Compiled, options: GenerateOptions): Promise<Generated> {
  const wanted = messageFiles(compiled, options);
  options.progress.stage("generating messages", wanted.length);
  const messages = options.generator.generate({
    files: compiled.files,
    generate: wanted,
    options: options.messages,
    onProgress: (count) => options.progress.advance(count),
    signal: options.signal,
  });
  // The stubs are made while the messages' processes run; those need a turn of the event loop to get their input.
  const stubs = new Promise<void>((resolve) => setImmediate(resolve)).then(() => runStubs(compiled, options));
  const [made, own] = await Promise.all([messages, stubs]);
  const outputs = [...made, ...own.files].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  checkNames(outputs);
  return { outputs, counts: countMethods(compiled.files, compiled.generate), warnings: own.warnings };
}

/** The files to generate, and those they import, but for messages that exist already: in the runtime, or where the options say. */
function messageFiles(compiled: Compiled, options: GenerateOptions): readonly string[] {
  const named = new Set(compiled.generate);
  const all = options.includeImports ? closure(compiled.files, named).map((file) => file.name) : compiled.generate;
  return all.filter((name) => !options.generator.brings(name) && (named.has(name) || !options.elsewhere(name)));
}

function runStubs(compiled: Compiled, options: GenerateOptions): StubFiles {
  const result = answer(compiled, parameterOf(options.stubs));
  if ("errors" in result) throw pluginError(result.errors, compiled, options.cwd);
  return result;
}

/**
 * The plugin in this process, without the wire format: descriptors are decoded where they are needed, so that what is wrong
 * with one is found as late as that.
 */
function answer({ files, generate: fileToGenerate }: Compiled, parameter: string): Outcome {
  try {
    return orMalformed(() => {
      const protoFile = closure(files, fileToGenerate).map(({ bytes }) => fileFromBytes(bytes));
      return outcome({ fileToGenerate, parameter, protoFile });
    });
  } catch (error) {
    if (!isMalformed(error)) throw error;
    throw new GenStubsError({
      code: "GS2007",
      message: `a file in it cannot be decoded: ${error.message}`,
      hint: "write the set again, with protoc --include_imports --include_source_info -o FILE",
    });
  }
}
