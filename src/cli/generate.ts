import { type Cache, getJson, noCache, putJson } from "../cache/cache.js";
import { digest } from "../cache/digest.js";
import type { Compiled } from "../compile/compiled.js";
import { closure } from "../descriptors/file-set.js";
import { countMethods, type MethodCounts } from "../descriptors/method-counts.js";
import { parameterOf } from "../descriptors/plugin-option.js";
import type { GeneratedFile } from "../descriptors/response.js";
import { GenStubsError } from "../errors/gen-stubs-error.js";
import { cachedMessages } from "../messages/cached-messages.js";
import type { MessageGenerator } from "../messages/message-generator.js";
import type { ScriptProcesses } from "../messages/script-processes.js";
import type { Generated as StubFiles } from "../plugin/generate.js";
import type { Outcome } from "../plugin/run.js";
import { generatorIdentity } from "./generator-identity.js";
import { checkNames } from "./output/safe-path.js";
import { pluginError } from "./plugin-error.js";
import type { Progress } from "./report/progress.js";
import type { Settings } from "./settings.js";

export interface GenerateOptions extends Settings {
  readonly generator: MessageGenerator;
  readonly includeImports: boolean;
  readonly cache: Cache;
  readonly processes: ScriptProcesses;
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

// What a message generator takes to start, and for a file of usual size: for the progress bar.
const startMs = 400;
const fileMs = 3;

/**
 * Generates messages and stubs in memory, at the same time: messages in processes of their own, stubs in this one.
 *
 * @throws GenStubsError GS1002, GS3001, GS4001–GS4003, GS5001, GS5005.
 */
export async function generate(compiled: Compiled, options: GenerateOptions): Promise<Generated> {
  const wanted = messageFiles(compiled, options);
  options.progress.stage("generating messages", wanted.length, startMs + fileMs * wanted.length);
  const job = {
    files: compiled.files,
    generate: wanted,
    options: options.messages,
    onProgress: (count: number) => options.progress.advance(count),
    processes: options.processes,
    signal: options.signal,
  };
  const messages = cachedMessages(options.generator, job, options.cache);
  // The stubs are made while the messages' processes run; those need a turn of the event loop to get their input.
  const stubs = new Promise<void>((resolve) => setImmediate(resolve)).then(() => runStubs(compiled, options));
  const [made, own] = await Promise.all([messages, stubs]);
  const outputs = [...made, ...own.files].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  checkNames(outputs);
  return { outputs, counts: countMethods(compiled.files, compiled.generate), warnings: own.warnings };
}

function stubsOf(entry: unknown): StubFiles | undefined {
  return typeof entry === "object" && entry !== null ? (entry as StubFiles) : undefined; // put by runStubs, and whole
}

/** The files to generate, and those they import, but for messages that exist already: in the runtime, or where the options say. */
function messageFiles(compiled: Compiled, options: GenerateOptions): readonly string[] {
  const named = new Set(compiled.generate);
  const all = options.includeImports ? closure(compiled.files, named).map((file) => file.name) : compiled.generate;
  return all.filter((name) => !options.generator.brings(name) && (named.has(name) || !options.elsewhere(name)));
}

async function runStubs(compiled: Compiled, options: GenerateOptions): Promise<StubFiles> {
  const parameter = parameterOf(options.stubs);
  const key = options.cache === noCache ? "" : stubsKey(compiled, parameter);
  const known = stubsOf(getJson(options.cache, key));
  if (known !== undefined) return known;
  const result = await answer(compiled, parameter);
  if ("errors" in result) throw pluginError(result.errors, compiled, options.cwd);
  putJson(options.cache, key, result);
  return result;
}

/** Of all that stubs depend on: this package, its options, the files, and what they import. */
function stubsKey({ files, generate: fileToGenerate }: Compiled, parameter: string): string {
  const bytes = closure(files, fileToGenerate).map((file) => file.bytes);
  return digest("stubs", generatorIdentity(), parameter, digest(...fileToGenerate), ...bytes);
}

/**
 * The plugin in this process, without the wire format: descriptors are decoded where they are needed, so that what is wrong
 * with one is found as late as that.
 */
async function answer({ files, generate: fileToGenerate }: Compiled, parameter: string): Promise<Outcome> {
  // Loaded here, so that a run which finds its stubs in the cache does without.
  const [{ fileFromBytes }, { isMalformed, orMalformed }, { outcome }] = await Promise.all([
    import("../plugin/decode-file.js"),
    import("../plugin/decode-request.js"),
    import("../plugin/run.js"),
  ]);
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
