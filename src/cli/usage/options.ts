import type { PluginOption } from "../../descriptors/plugin-option.js";

/** The command line, parsed and checked. */
export interface Options {
  readonly paths: readonly string[];
  readonly protoPaths: readonly string[];
  readonly out: string;
  /** Name of a message generator. */
  readonly messages: string;
  /** Options of the stubs' plugin. */
  readonly opt: readonly PluginOption[];
  /** Options of the message generator. */
  readonly messagesOpt: readonly PluginOption[];
  readonly descriptorSet: string | undefined;
  readonly protoc: string | undefined;
  readonly includeImports: boolean;
  /** Whether results of earlier runs may be used, and kept. */
  readonly cache: boolean;
  readonly check: boolean;
  readonly clean: boolean;
  readonly dryRun: boolean;
  readonly json: boolean;
  readonly quiet: boolean;
}
