import type { MessageFlavour, MessageNames } from "../../emit/message-flavour.js";
import { templatesFor } from "../../emit/templates-for.js";
import type { FileModel, MessageRef, SourceFile } from "../../model/file-model.js";
import { GenerateError, type Place } from "../../model/generate-error.js";
import { lowerFirst } from "../../model/names/method-names.js";
import { esNames, esServiceNames } from "./names.js";
import { wellKnown } from "./well-known.js";

/** Names that protoc-gen-es exports as they are, though TypeScript takes no type of that name, or cannot refer to it. */
const notTypes = new Set("any as await infer keyof never readonly symbol undefined unique unknown".split(" "));

const codecModule = "gen-stubs-runtime/codec-es";

/** Messages from protoc-gen-es 2. `generated`: paths of the files that are generated in the same run. */
export function esFlavour(generated: ReadonlySet<string>): MessageFlavour {
  const cache = new WeakMap<SourceFile, ReadonlyMap<string, MessageNames>>();
  return {
    reserved: ["es"],
    warnings,
    names(message, source, place) {
      let names = cache.get(source);
      if (names === undefined) {
        names = esNames(source);
        cache.set(source, names);
      }
      return checked(names.get(message.typeName)!, message, place);
    },
    module(source) {
      // As protoc-gen-es has it: a well-known type comes from the runtime unless it is generated along with the rest.
      const brought = generated.has(source.path) ? undefined : wellKnown.get(source.path);
      if (brought !== undefined) return brought;
      return `./${source.path.replace(/\.proto$/, "")}_pb.js`;
    },
    descriptor: (typeName, source) => esServiceNames(source).get(typeName),
    initType({ init, value }, target) {
      const block = templatesFor(target)["init-es"]?.Init;
      if (block === undefined) return undefined;
      const text = block.open.text({ Init: init, Schema: value });
      return { text, imports: block.open.imports, uses: ["value"] };
    },
    codec({ value }) {
      const imports = [{ module: codecModule, name: "es", typeOnly: false }];
      return { text: `es(${value})`, imports, uses: ["value"] };
    },
  };
}

/** protoc-gen-es has a type for each service, in which rpcs have the names of its own clients. */
function warnings({ path, services }: FileModel): string[] {
  return services.flatMap(({ typeName, methods }) => {
    const seen = new Set<string>();
    const twice = methods.map(({ name }) => lowerFirst(name)).filter((name) => seen.size === seen.add(name).size);
    return twice.map(
      (name) =>
        `${path}: protoc-gen-es calls two rpcs of ${typeName} "${name}", so that TypeScript refuses the messages of this file; ` +
        "rename one of the two, or generate messages with target=js+dts and compile with skipLibCheck",
    );
  });
}

function checked(names: MessageNames, message: MessageRef, place: Place): MessageNames {
  if (!notTypes.has(names.shape)) return names;
  throw new GenerateError(
    "unusable-message-name",
    `message ${message.typeName}: protoc-gen-es exports it as type "${names.shape}", which TypeScript refuses; rename it`,
    place,
  );
}
