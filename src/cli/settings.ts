import { optionText, optionValue, type PluginOption } from "../descriptors/plugin-option.js";
import { type Fault, throwFaults } from "../errors/gen-stubs-error.js";
import type { MessageGenerator } from "../messages/message-generator.js";
import type { InferredOptions } from "./project/infer-options.js";
import type { Options } from "./usage/options.js";

/** Plugin options, complete: what the user gave, what was inferred, what stubs and messages share. */
export interface Settings {
  readonly stubs: readonly PluginOption[];
  readonly messages: readonly PluginOption[];
  /** Whether the options say that the messages of a file live somewhere else, in a package perhaps. */
  readonly elsewhere: (file: string) => boolean;
}

/**
 * Settles the options of both generators. Options they must agree on are given once, with `--opt`, and passed to both.
 *
 * @param project what the project decides; what the user gives counts more
 * @throws GenStubsError GS1004 where `--messages-opt` contradicts.
 */
export function settle(
  options: Pick<Options, "opt" | "messagesOpt" | "messages">,
  generator: MessageGenerator,
  project: InferredOptions,
): Settings {
  throwFaults(contradictions(options, generator));
  const own = options.messagesOpt.filter(({ key }) => !generator.sharedOptions.has(key));
  const shared = [...options.opt, ...options.messagesOpt].filter(({ key }) => generator.sharedOptions.has(key));
  // JavaScript is run as it is written, and as an ES module it finds no file without its extension.
  const runs = /\bjs\b/.test(optionValue(shared, "target") ?? "");
  const inferred = [
    { key: "target", value: "ts" },
    { key: "import_extension", value: runs ? "js" : project.importExtension },
    ...(runs && project.jsImportStyle !== "module" ? [{ key: "js_import_style", value: project.jsImportStyle }] : []),
  ].filter(({ key }) => optionValue([...shared, ...options.opt], key) === undefined);
  const all = unique([...inferred, ...shared]);
  const others = options.opt.filter(({ key }) => !generator.sharedOptions.has(key) && key !== "messages");
  const { stubsOption } = generator;
  // Its own options can change what messages are called and where they are.
  const flavour = [
    { key: "messages", value: options.messages },
    ...(stubsOption === undefined ? [] : own.map((option) => ({ key: stubsOption, value: optionText(option) }))),
  ];
  const defaults = [
    ...generator.defaults,
    ...jsonTypes(options, generator),
    ...erasable(all, generator, project),
  ].filter(({ key }) => optionValue(own, key) === undefined);
  const mapped = generator.mapModules([...all, ...others]);
  return {
    stubs: [...flavour, ...all, ...others],
    messages: [...all, ...mapped.options, ...defaults, ...own],
    elsewhere: mapped.elsewhere,
  };
}

/** The k6 stubs have messages in their JSON shape, whose types a generator declares only when asked. */
function jsonTypes({ opt }: Pick<Options, "opt">, { jsonTypes }: MessageGenerator): readonly PluginOption[] {
  return jsonTypes !== undefined && /^(true|1)$/.test(optionValue(opt, "k6") ?? "") ? [jsonTypes] : [];
}

/** Only what is written as TypeScript can be what Node or TypeScript refuses. */
function erasable(
  options: readonly PluginOption[],
  generator: MessageGenerator,
  project: InferredOptions,
): readonly PluginOption[] {
  const typescript = /\bts\b/.test(optionValue(options, "target") ?? "");
  return project.erasable && typescript && generator.erasable !== undefined ? [generator.erasable] : [];
}

function contradictions(
  options: Pick<Options, "opt" | "messagesOpt" | "messages">,
  generator: MessageGenerator,
): readonly Fault[] {
  const faults: Fault[] = [];
  const flavour = optionValue(options.opt, "messages");
  if (flavour !== undefined && flavour !== options.messages) {
    faults.push({
      code: "GS1004",
      message: `--opt messages=${flavour} contradicts --messages ${options.messages}`,
      hint: "choose the message generator with --messages alone",
    });
  }
  for (const { key, value } of options.messagesOpt) {
    const stubs = generator.sharedOptions.has(key) ? optionValue(options.opt, key) : undefined;
    if (stubs === undefined || stubs === value || /^(rewrite|map)_imports$/.test(key)) continue;
    faults.push({
      code: "GS1004",
      message: `--messages-opt ${key}=${value} contradicts --opt ${key}=${stubs}`,
      hint: `give ${key} once, with --opt: it goes to stubs and messages`,
    });
  }
  return faults;
}

function unique(options: readonly PluginOption[]): readonly PluginOption[] {
  return [...new Map(options.map((option) => [optionText(option), option])).values()];
}
