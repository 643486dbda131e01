/**
 * `gen-stubs/testing`: generates in memory, for golden tests of what a project's .proto files become, and for authors of protoc
 * plugins.
 *
 * @packageDocumentation
 */
export { type Fault, GenStubsError } from "../errors/gen-stubs-error.js";
export { type GenerateOptions, generate, type OptionValues } from "./generate.js";
export { type Plugin, request, runPlugin } from "./plugin.js";
export type { ProtoText } from "./proto-folder.js";
