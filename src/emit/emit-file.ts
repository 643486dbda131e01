import type { FileModel } from "../model/file-model.js";
import type { EmitOptions } from "./emit-options.js";
import { emitService } from "./emit-service.js";
import type { FileContext } from "./file-context.js";
import { fileNames, type NamedMessage } from "./file-names.js";
import { header } from "./header.js";
import { Imports } from "./imports.js";
import { moduleText } from "./js-module.js";
import type { FlavourText, MessageNames } from "./message-flavour.js";
import { messageModule } from "./message-module.js";
import { specifier } from "./module-path.js";
import type { Target } from "./template.js";

/** The text of one generated file. `path`: where it will stand, from the output folder's root. */
export function emitFile(model: FileModel, path: string, target: Target, options: EmitOptions): string {
  const { flavour } = options;
  const names = fileNames(model, flavour);
  const imports = new Imports();
  const inits = new Set<NamedMessage>();
  const codecs = new Set<NamedMessage>();
  const sources = new Map(model.sources.map((source) => [source.path, source]));

  const moduleOf = memoize((file: string) => messageModule(sources.get(file)!, path, options));
  const codecModuleOf = (file: string) =>
    specifier(flavour.codecModule!(sources.get(file)!), path, options.importExtension);
  function useMessage({ ref, exported, local }: NamedMessage, which: keyof MessageNames, typeOnly: boolean): void {
    const module = which === "codec" ? codecModuleOf(ref.file) : moduleOf(ref.file);
    // A flavour names the codecs that it says are used.
    imports.add({ module, name: exported[which]!, typeOnly }, local[which]);
  }
  function useText(message: NamedMessage, text: FlavourText): string {
    for (const used of text.imports) imports.add(used);
    for (const which of text.uses) useMessage(message, which, false);
    return text.text;
  }

  const context: FileContext = {
    target,
    options,
    message: (typeName) => names.messages.get(typeName)!,
    usePackages: (used) => used.forEach((one) => void imports.add(one)),
    useShape: (message) => useMessage(message, "shape", true),
    useInit: (message) => inits.add(message),
    useDescriptor: ({ exported, local }) =>
      imports.add({ module: messageModule(model.source, path, options), name: exported, typeOnly: false }, local),
    useCodec: (message) => codecs.add(message),
  };
  const services = model.services.map((service, index) => emitService(service, names.services[index]!, context));
  for (const message of codecs) useText(message, flavour.codec(message.local, message.ref));
  const initTypes = [...names.messages.values()]
    .filter((message) => inits.has(message))
    .map((message) => ({ message, text: flavour.initType(message.local, target) }))
    .flatMap(({ message, text }) => (text === undefined ? [] : [useText(message, text)]));

  const body = moduleText(imports, [initTypes.join("\n"), ...services], target, options.jsImportStyle);
  return `${header(model, options.tsNocheck)}${body}\n`;
}

function memoize<Value>(compute: (key: string) => Value): (key: string) => Value {
  const known = new Map<string, Value>();
  return (key) => {
    let value = known.get(key);
    if (value === undefined) {
      value = compute(key);
      known.set(key, value);
    }
    return value;
  };
}
