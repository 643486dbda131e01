import { type Flag, flags } from "../usage/flags.js";

/** A key of the config file, and the flag with the same meaning. */
export interface ConfigKey {
  readonly flag: string;
  readonly kind: "string" | "boolean" | "list" | "options";
  readonly description: string;
  /** Whether its values are paths, relative to the config file. */
  readonly path: boolean;
  /** Whether its values are patterns of paths: relative to the config file where they have a slash. */
  readonly pattern: boolean;
  /** The values there are, where they are few. */
  readonly values: readonly string[] | undefined;
  readonly fallback: unknown;
}

const paths: ConfigKey = {
  flag: "_",
  kind: "list",
  description: "Folders and .proto files to generate from",
  path: true,
  pattern: false,
  values: undefined,
  fallback: undefined,
};

/** All keys of an output, by name: `paths`, and the flags that are no matter of a single run, in camelCase. */
export const configKeys: ReadonlyMap<string, ConfigKey> = new Map([
  ["paths", paths],
  ...Object.entries(flags)
    .filter(([, { once }]) => once !== true)
    .map(([name, flag]): [string, ConfigKey] => [camelCase(name), toKey(name, flag)]),
]);

function toKey(name: string, flag: Flag): ConfigKey {
  return {
    flag: name,
    kind: kindOf(flag),
    description: textOf(flag),
    path: flag.path === true,
    pattern: flag.pattern === true,
    values: flag.values,
    fallback: flag.default,
  };
}

function camelCase(name: string): string {
  return name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function kindOf(flag: Flag): ConfigKey["kind"] {
  if (flag.type === "boolean") return "boolean";
  if (flag.keyValue === true) return "options";
  return flag.repeatable === true ? "list" : "string";
}

/** The flag's own words, without what only a command line has. */
function textOf({ description = "" }: Flag): string {
  return description.replace(/ \(repeatable\)| \(required\)|; --no-.*$/g, "");
}
