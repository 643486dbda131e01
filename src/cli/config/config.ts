/**
 * Types of the config file, for `import { defineConfig } from "gen-stubs/config"`. Loaded by users: it imports nothing.
 */

/** Options of a plugin: `{ target: "js+dts" }`, or as on the command line, `["target=js+dts"]`. */
export type PluginOptions = Readonly<Record<string, string | boolean | number | readonly string[]>> | readonly string[];

/** What to generate from where to where. Keys are the flags of `gen-stubs`; paths are relative to the config file. */
export interface OutputConfig {
  /** Folders and `.proto` files to generate from. With `descriptorSet`: files and folders in the set, by import names. */
  readonly paths?: string | readonly string[];
  /** Folders that imports are relative to, or `PREFIX=FOLDER` for names behind a prefix. */
  readonly protoPath?: string | readonly string[];
  /** What to leave out: names at any depth (`"*_test.proto"`), or patterns of paths (`"vendor/**"`). */
  readonly exclude?: string | readonly string[];
  /** A FileDescriptorSet to read instead of `.proto` files. */
  readonly descriptorSet?: string;
  /** protoc to use; the one in the npm package `protoc` by default. */
  readonly protoc?: string;
  /** The folder to write to. */
  readonly out?: string;
  /** Also remove what earlier runs generated in `out` and this one does not. */
  readonly clean?: boolean;
  /** The message generator; `"es"` by default. */
  readonly messages?: "es" | "ts_proto";
  /** Options of the stubs. */
  readonly opt?: PluginOptions;
  /** Options of the message generator. */
  readonly messagesOpt?: PluginOptions;
  /** Also generate stubs for k6 load tests. */
  readonly k6?: boolean;
  /** Also generate messages for files that are only imported; `true` by default. */
  readonly includeImports?: boolean;
  /** Lay generated files out with the project's own formatter. */
  readonly formatWith?: "prettier" | "biome";
  /** Take unchanged files from the last run's results; `true` by default. */
  readonly cache?: boolean;
}

/** The config of `gen-stubs`: one output, or several that share the options beside them. */
export interface Config extends OutputConfig {
  /** Several outputs. What one of them says counts more than what is said beside `outputs`. */
  readonly outputs?: readonly OutputConfig[];
  /** For editors: `./node_modules/gen-stubs/schemas/config.json`. */
  readonly $schema?: string;
}

/** Returns the config unchanged: for type checks and completion in the config file. */
export function defineConfig(config: Config): Config {
  return config;
}
