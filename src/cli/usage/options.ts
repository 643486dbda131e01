import type { PluginOption } from "../../descriptors/plugin-option.js";
import type { FormatterName } from "../format/format-context.js";
import type { ReportFormat } from "../report/print-report.js";

/** The command line, parsed and checked. */
export interface Options {
  readonly paths: readonly string[];
  readonly protoPaths: readonly string[];
  /** Patterns of inputs to leave out. */
  readonly exclude: readonly string[];
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
  /** The project's formatter to run on what is generated. */
  readonly formatWith: FormatterName | undefined;
  /** Whether results of earlier runs may be used, and kept. */
  readonly cache: boolean;
  readonly check: boolean;
  readonly clean: boolean;
  readonly dryRun: boolean;
  readonly watch: boolean;
  /** The config file, as displayed, where there is one. */
  readonly config: string | undefined;
  /** The command that does the same without --check, where the config says what to generate. */
  readonly command: readonly string[] | undefined;
  /** How the run reports. */
  readonly format: ReportFormat;
  readonly quiet: boolean;
}
