import { optionText } from "../descriptors/plugin-option.js";
import { shellQuote } from "./shell-quote.js";
import type { Options } from "./usage/options.js";

/** The command line that brings the output folder up to date: this one without --check. */
export function fixCommand(options: Options, clean: boolean): string {
  if (options.command !== undefined) return [...options.command, ...(clean ? ["--clean"] : [])].map(quote).join(" ");
  const words = ["npx", "gen-stubs"];
  if (options.config !== undefined) words.push("--no-config");
  const add = (flag: string, value: string): void => {
    words.push(flag, value);
  };
  for (const path of options.protoPaths) add("-I", path);
  for (const pattern of options.exclude) add("--exclude", pattern);
  if (options.descriptorSet !== undefined) add("--descriptor-set", options.descriptorSet);
  if (options.protoc !== undefined) add("--protoc", options.protoc);
  add("--out", options.out);
  if (options.messages !== "es") add("--messages", options.messages);
  for (const option of options.opt) add("--opt", optionText(option));
  for (const option of options.messagesOpt) add("--messages-opt", optionText(option));
  if (options.formatWith !== undefined) add("--format-with", options.formatWith);
  if (!options.includeImports) words.push("--no-include-imports");
  if (clean) words.push("--clean");
  if (options.paths.some((path) => path.startsWith("-"))) words.push("--");
  words.push(...options.paths);
  return words.map(quote).join(" ");
}

const quote = (word: string): string => shellQuote(word, process.platform);
