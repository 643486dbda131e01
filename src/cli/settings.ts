import { type Fault, throwFaults } from "../errors/gen-stubs-error.js";
import type { MessageGenerator } from "../messages/message-generator.js";
import type { InferredExtension } from "./project/import-extension.js";
import type { Options } from "./usage/options.js";

/** Plugin options, complete: what the user gave, what was inferred, what stubs and messages share. */
export interface Settings {
  readonly stubs: ReadonlyMap<string, string>;
  readonly messages: ReadonlyMap<string, string>;
}

/**
 * Settles the options of both generators. Options they must agree on are given once, with `--opt`, and passed to both.
 *
 * @throws GenStubsError GS1004 where `--messages-opt` contradicts.
 */
export function settle(
  options: Pick<Options, "opt" | "messagesOpt" | "messages">,
  generator: MessageGenerator,
  extension: InferredExtension | undefined,
): Settings {
  const stubs = new Map(options.opt);
  if (!stubs.has("target")) stubs.set("target", options.messagesOpt.get("target") ?? "ts");
  if (extension !== undefined && !stubs.has("import_extension")) stubs.set("import_extension", extension.value);
  const faults: Fault[] = [];
  const flavour = stubs.get("messages");
  if (flavour !== undefined && flavour !== options.messages) {
    faults.push({
      code: "GS1004",
      message: `--opt messages=${flavour} contradicts --messages ${options.messages}`,
      hint: "choose the message generator with --messages alone",
    });
  }
  const messages = new Map<string, string>();
  for (const [key, value] of stubs) if (generator.sharedOptions.has(key)) messages.set(key, value);
  for (const [key, value] of generator.defaults) messages.set(key, value);
  for (const [key, value] of options.messagesOpt) {
    const shared = generator.sharedOptions.has(key) ? options.opt.get(key) : undefined;
    if (shared !== undefined && shared !== value) {
      faults.push({
        code: "GS1004",
        message: `--messages-opt ${key}=${value} contradicts --opt ${key}=${shared}`,
        hint: `give ${key} once, with --opt: it goes to stubs and messages`,
      });
    }
    messages.set(key, value);
    // An inferred value gives way to one given for the messages: stubs must import what is there.
    if (generator.sharedOptions.has(key)) stubs.set(key, value);
  }
  throwFaults(faults);
  return { stubs, messages };
}
