import { optionText } from "../../descriptors/plugin-option.js";
import { jsonText } from "../report/json-text.js";
import type { Options } from "../usage/options.js";

/** What a config and flags come to, as a config file of its own; paths are relative to the current folder. */
export function printedConfig(outputs: readonly Options[]): string {
  const [first, ...others] = outputs.map(entry);
  return jsonText(others.length === 0 ? first : { outputs: [first, ...others] });
}

function entry(options: Options): Readonly<Record<string, unknown>> {
  const { paths, protoPaths, exclude, descriptorSet, protoc, out, clean, messages, opt, messagesOpt } = options;
  return {
    paths,
    ...(protoPaths.length > 0 ? { protoPath: protoPaths } : {}),
    ...(exclude.length > 0 ? { exclude } : {}),
    ...(descriptorSet === undefined ? {} : { descriptorSet }),
    ...(protoc === undefined ? {} : { protoc }),
    out,
    clean,
    messages,
    opt: opt.map(optionText),
    messagesOpt: messagesOpt.map(optionText),
    includeImports: options.includeImports,
    ...(options.formatWith === undefined ? {} : { formatWith: options.formatWith }),
    cache: options.cache,
  };
}
