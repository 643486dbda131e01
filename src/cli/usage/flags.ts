import type { Options as YargsOption } from "yargs";

/** A flag, and whether it may be given more than once. */
export interface Flag extends YargsOption {
  readonly repeatable?: boolean;
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
    description: "Folder that imports are relative to (repeatable)",
  },
  "descriptor-set": {
    type: "string",
    group: input,
    description: "Read a FileDescriptorSet instead of .proto files; <paths> then pick files in it",
  },
  protoc: { type: "string", group: input, description: "protoc to use [default: the one in the npm package protoc]" },
  out: { alias: "o", type: "string", group: output, description: "Folder to write to (required)" },
  "dry-run": { type: "boolean", group: output, description: "Say what would be written, write nothing" },
  clean: {
    type: "boolean",
    group: output,
    description: "Also remove what earlier runs generated in --out and this one does not",
  },
  check: {
    type: "boolean",
    group: output,
    description: "Write nothing; exit 1 and list the differences when --out is not what would be generated",
  },
  messages: {
    type: "string",
    group: generation,
    default: "es",
    description: "Message generator: es (protoc-gen-es) or ts_proto",
  },
  opt: {
    type: "string",
    group: generation,
    repeatable: true,
    description: "Option of the stubs as key=value, e.g. target=js+dts, import_extension=js (repeatable)",
  },
  "messages-opt": {
    type: "string",
    group: generation,
    repeatable: true,
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
  cache: {
    type: "boolean",
    group: generation,
    default: true,
    description: "Take unchanged files from the last run's results in node_modules/.cache; --no-cache makes all anew",
  },
  json: { type: "boolean", group: reporting, description: "Print one JSON object, for programs" },
  quiet: { alias: "q", type: "boolean", group: reporting, description: "Print errors only" },
};
