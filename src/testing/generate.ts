import { noCache } from "../cache/cache.js";
import { generate as generateCompiled } from "../cli/generate.js";
import { noProject } from "../cli/project/infer-options.js";
import { silent } from "../cli/report/progress.js";
import { settle } from "../cli/settings.js";
import type { PluginOption } from "../descriptors/plugin-option.js";
import { messageGenerators } from "../messages/index.js";
import { coldProcesses } from "../messages/script-processes.js";
import { byName } from "./plugin.js";
import { type ProtoText, withCompiled } from "./proto-folder.js";

/** Options of a plugin by name. Several values for one that adds up: `{ rewrite_imports: ["a:b", "c:d"] }`. */
export type OptionValues = Readonly<Record<string, string | boolean | readonly string[]>>;

/** What {@link generate} may be told; nothing need be. */
export interface GenerateOptions {
  /** Message generator, as `--messages`. Default: `es`. */
  readonly messages?: "es" | "ts_proto";
  /** Options of the stubs, as `--opt`. Default: `target=ts`, `import_extension=js`. */
  readonly opt?: OptionValues;
  /** Options of the message generator, as `--messages-opt`. */
  readonly messagesOpt?: OptionValues;
  /** `stubs`: only the files that gen-stubs makes itself, which takes no process. Default: `all`. */
  readonly files?: "all" | "stubs";
}

/**
 * Generates what `gen-stubs` would, in memory: files by name, sorted, ready for `toMatchSnapshot()`. The same input gives the same
 * files on every machine; nothing of the project it runs in is read, but for the ts-proto in it.
 *
 * @param protos the text of a .proto file (`test.proto`), or several by import name; protobuf's own may be imported
 * @throws GenStubsError with the faults of the texts, or of options: `faults[].code` is stable
 *
 * @example
 * expect(await generate('syntax = "proto3"; service S { rpc R(M) returns (stream M); } message M {}')).toMatchSnapshot();
 */
export async function generate(protos: ProtoText, options: GenerateOptions = {}): Promise<Record<string, string>> {
  const { messages = "es", opt = {}, messagesOpt = {}, files = "all" } = options;
  const generator = messageGenerators.get(messages);
  if (generator === undefined) throw new TypeError(`messages: there is no generator ${JSON.stringify(messages)}`);
  const settings = settle({ messages, opt: toList(opt), messagesOpt: toList(messagesOpt) }, generator, noProject);
  return withCompiled(protos, async (compiled, cwd) => {
    const none = { ...generator, generate: async () => [] };
    const run = { ...settings, cwd, includeImports: false, cache: noCache, processes: coldProcesses, progress: silent };
    const { outputs } = await generateCompiled(compiled, { ...run, generator: files === "stubs" ? none : generator });
    return byName(outputs);
  });
}

function toList(values: OptionValues): PluginOption[] {
  return Object.entries(values).flatMap(([key, value]) =>
    (typeof value === "object" ? value : [String(value)]).map((one) => ({ key, value: one })),
  );
}
