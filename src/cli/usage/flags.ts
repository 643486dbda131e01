import type { Options as YargsOption } from "yargs";

/** A flag: how yargs reads it, and what else is true of it. */
export interface Flag extends YargsOption {
  /** Whether it may be given more than once. */
  readonly repeatable?: boolean;
  /** Whether its values are `key=value`, options of a plugin. */
  readonly keyValue?: boolean;
  /** Whether its values are paths, relative to the current folder. */
  readonly path?: boolean;
  /** Whether its values are patterns of paths, relative to the current folder where they have a slash. */
  readonly pattern?: boolean;
  /** Whether it is a matter of a single run, and so none of the config file's. */
  readonly once?: boolean;
  /** The values there are, for shells that complete them. */
  readonly values?: readonly string[];
}

const input = "Input:";
const output = "Output:";
const generation = "Generation:";
const reporting = "Reporting:";

/** All flags of the command, in the order of `--help`. */
export const flags: Readonly<Record<string, Flag>> = {
  "proto-path": {
    alias: "I",
    type: "string",
    group: input,
    repeatable: true,
    path: true,
    description: "Folder that imports are relative to, or PREFIX=FOLDER for names behind a prefix (repeatable)",
  },
  exclude: {
    type: "string",
    group: input,
    repeatable: true,
    pattern: true,
    description: "Leave out what matches, e.g. build, 'vendor/**', '*_test.proto' (repeatable)",
  },
  "descriptor-set": {
    type: "string",
    group: input,
    path: true,
    description: "Read a FileDescriptorSet instead of .proto files; <paths> then pick files in it",
  },
  protoc: {
    type: "string",
    group: input,
    path: true,
    description: "protoc to use [default: the one in the npm package protoc]",
  },
  config: {
    alias: "c",
    type: "string",
    group: input,
    path: true,
    once: true,
    description: "Config file [default: gen-stubs.config.{ts,mts,js,mjs,json}, or package.json]; --no-config: none",
  },
  "print-config": {
    type: "boolean",
    group: input,
    once: true,
    description: "Print what the config and the flags come to, and do nothing else",
  },
  out: { alias: "o", type: "string", group: output, path: true, description: "Folder to write to (required)" },
  "dry-run": { type: "boolean", group: output, once: true, description: "Say what would be written, write nothing" },
  clean: {
    type: "boolean",
    group: output,
    description: "Also remove what earlier runs generated in --out and this one does not",
  },
  check: {
    type: "boolean",
    group: output,
    once: true,
    description: "Write nothing; exit 1 and list the differences when --out is not what would be generated",
  },
  watch: {
    alias: "w",
    type: "boolean",
    group: output,
    once: true,
    description: "Generate again whenever a .proto file, an import or the config changes",
  },
  messages: {
    type: "string",
    group: generation,
    default: "es",
    values: ["es", "ts_proto"],
    description: "Message generator: es (protoc-gen-es) or ts_proto",
  },
  opt: {
    type: "string",
    group: generation,
    repeatable: true,
    keyValue: true,
    description: "Option of the stubs as key=value, e.g. target=js+dts, import_extension=js (repeatable)",
  },
  "messages-opt": {
    type: "string",
    group: generation,
    repeatable: true,
    keyValue: true,
    description: "Option of the message generator as key=value (repeatable)",
  },
  k6: {
    type: "boolean",
    group: generation,
    description: "Also generate <file>_k6.ts, stubs for k6 load tests; short for --opt k6=true",
  },
  "include-imports": {
    type: "boolean",
    group: generation,
    default: true,
    description: "Also generate messages for files that are only imported; --no-include-imports if they live elsewhere",
  },
  "format-with": {
    type: "string",
    group: generation,
    values: ["prettier", "biome"],
    description: "Lay generated files out with the project's own formatter: prettier or biome",
  },
  cache: {
    type: "boolean",
    group: generation,
    default: true,
    description: "Take unchanged files from the last run's results in node_modules/.cache; --no-cache makes all anew",
  },
  format: {
    type: "string",
    group: reporting,
    once: true,
    default: "text",
    values: ["text", "json", "github", "sarif"],
    description: "What to print: text, json, github (annotations in GitHub Actions) or sarif",
  },
  json: {
    type: "boolean",
    group: reporting,
    once: true,
    description: "Print one JSON object, for programs; short for --format json",
  },
  quiet: { alias: "q", type: "boolean", group: reporting, once: true, description: "Print errors only" },
};
