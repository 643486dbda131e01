import { didYouMean } from "../../errors/did-you-mean.js";
import { type Fault, GenStubsError, throwFaults } from "../../errors/gen-stubs-error.js";
import { messageGenerators } from "../../messages/index.js";
import { type FormatterName, formatterNames } from "../format/format-context.js";
import { type ReportFormat, reportFormats } from "../report/print-report.js";
import type { Options } from "./options.js";
import { parsePluginOptions } from "./plugin-options.js";
import type { Values } from "./values.js";

/**
 * What `gen-stubs generate` was asked for.
 *
 * @param config the config file that some of the values are from, where there is one
 * @throws GenStubsError GS1002–GS1004.
 */
export function toOptions(values: Values, config?: Pick<Options, "config" | "command">): Options {
  const options: Options = {
    paths: values.paths,
    protoPaths: values.many("proto-path"),
    exclude: values.many("exclude"),
    out: values.single("out") ?? "",
    messages: values.single("messages") ?? "es",
    opt: parsePluginOptions("opt", [...values.many("opt"), ...(values.flag("k6") ? ["k6=true"] : [])]),
    messagesOpt: parsePluginOptions("messages-opt", values.many("messages-opt")),
    descriptorSet: values.single("descriptor-set"),
    protoc: values.single("protoc"),
    includeImports: values.flag("include-imports"),
    formatWith: formatterOf(values),
    cache: values.flag("cache"),
    check: values.flag("check"),
    clean: values.flag("clean"),
    watch: values.flag("watch"),
    dryRun: values.flag("dry-run"),
    config: config?.config,
    command: config?.command,
    format: formatOf(values),
    quiet: values.flag("quiet"),
  };
  throwFaults(check(options));
  return options;
}

function formatterOf(values: Values): FormatterName | undefined {
  const asked = values.single("format-with");
  const name = formatterNames.find((known) => known === asked);
  if (asked === undefined || name !== undefined) return name;
  const near = didYouMean(asked, formatterNames);
  const message = `--format-with: there is no "${asked}"${near}; there is ${formatterNames.join(", ")}`;
  throw new GenStubsError({ code: "GS1002", message });
}

function formatOf(values: Values): ReportFormat {
  const asked = values.single("format") ?? "text";
  const format = reportFormats.find((known) => known === asked);
  if (format === undefined) {
    const near = didYouMean(asked, reportFormats);
    const message = `--format: there is no "${asked}"${near}; there is ${reportFormats.join(", ")}`;
    throw new GenStubsError({ code: "GS1002", message });
  }
  if (!values.flag("json") || format === "json") return format;
  if (!values.has("format")) return "json";
  throw new GenStubsError({ code: "GS1004", message: `--json and --format ${format} exclude one another` });
}

function check(options: Options): readonly Fault[] {
  const faults: Fault[] = [];
  if (options.paths.length === 0 && options.descriptorSet === undefined) {
    faults.push({ code: "GS1003", message: "no paths: give the folders or .proto files to generate from" });
  }
  if (options.out === "") faults.push({ code: "GS1003", message: "--out is missing: give the folder to write to" });
  if (options.paths.includes("")) faults.push({ code: "GS1002", message: "an empty path" });
  if (!messageGenerators.has(options.messages)) {
    const names = [...messageGenerators.keys()];
    faults.push({
      code: "GS1002",
      message: `--messages: no generator "${options.messages}"${didYouMean(options.messages, names)}; there is ${names.join(", ")}`,
    });
  }
  const clash = (a: string, b: string, on: boolean): void => {
    if (on) faults.push({ code: "GS1004", message: `--${a} and --${b} exclude one another` });
  };
  clash("check", "clean", options.check && options.clean);
  clash("check", "dry-run", options.check && options.dryRun);
  clash("watch", "check", options.watch && options.check);
  clash("watch", "dry-run", options.watch && options.dryRun);
  clash("watch", `format ${options.format}`, options.watch && options.format !== "text");
  clash("descriptor-set", "proto-path", options.descriptorSet !== undefined && options.protoPaths.length > 0);
  clash("descriptor-set", "protoc", options.descriptorSet !== undefined && options.protoc !== undefined);
  return faults;
}
