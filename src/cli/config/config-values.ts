import { dirname, relative, resolve, sep } from "node:path";
import { splitProtoPath } from "../../compile/inputs.js";
import { optionText, type PluginOption } from "../../descriptors/plugin-option.js";
import { type Entry, isRecord } from "./check-config.js";
import { type ConfigKey, configKeys } from "./config-keys.js";

/**
 * An output of a config file as the values of flags.
 *
 * @param path the config file, absolute: paths in it are relative to its folder
 * @param cwd the folder the command runs in: paths of flags are relative to it
 */
export function configValues(entry: Entry, path: string, cwd: string): Readonly<Record<string, unknown>> {
  const rebase = (value: string): string => relative(cwd, resolve(dirname(path), value)) || ".";
  const rebaseRoot = (value: string): string => {
    const { virtual, disk } = splitProtoPath(value, dirname(path));
    return virtual === "" ? rebase(disk) : `${virtual}=${rebase(disk)}`;
  };
  // A name without a slash would be looked for on PATH.
  const rebaseProgram = (value: string): string => {
    const moved = rebase(value);
    return /[\\/]/.test(moved) ? moved : `./${moved}`;
  };
  // A pattern without a slash is a name at any depth; those of a set's names are relative to nothing on disk.
  const rebasePattern = (value: string): string =>
    value.includes("/") && entry["descriptorSet"] === undefined ? posix(rebase(value)) : value;
  const values: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(entry)) {
    const key = configKeys.get(name);
    if (key === undefined) continue;
    // With a descriptor set, paths are names in it; a program without a folder is looked for on PATH.
    const moves = key.path && !(name === "paths" && entry["descriptorSet"] !== undefined);
    values[key.flag] = toFlag(key, value, (text) => {
      if (key.pattern) return rebasePattern(text);
      if (name === "protoPath") return rebaseRoot(text);
      if (name === "protoc") return /[\\/]/.test(text) ? rebaseProgram(text) : text;
      return moves ? rebase(text) : text;
    });
  }
  return values;
}

function toFlag({ kind }: ConfigKey, value: unknown, rebase: (text: string) => string): unknown {
  if (kind === "boolean") return value;
  if (kind === "options") return optionTexts(value);
  return Array.isArray(value)
    ? value.map((item) => rebase(String(item)))
    : kind === "list"
      ? [rebase(String(value))]
      : rebase(String(value));
}

function optionTexts(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.map(String);
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, given]) => {
    const all: readonly unknown[] = Array.isArray(given) ? given : [given];
    return all.map((item) => optionText({ key, value: String(item) } satisfies PluginOption));
  });
}

function posix(path: string): string {
  return path.split(sep).join("/");
}
