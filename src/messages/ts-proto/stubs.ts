import type { MessageFlavour } from "../../emit/message-flavour.js";
import { quote } from "../../emit/quote.js";
import { templatesFor } from "../../emit/templates-for.js";
import type { MessageRef, SourceFile } from "../../model/file-model.js";
import { GenerateError, type Place } from "../../model/generate-error.js";
import type { StubLibrary } from "../stub-library.js";
import { tsProtoNames } from "./names.js";
import { parseTsProtoOptions, type TsProtoOptions } from "./options.js";
import { usability } from "./usability.js";

const codecModule = "gen-stubs-runtime/codec-ts-proto";

/** Messages from ts-proto 2. */
export const tsProto: StubLibrary = {
  name: "ts_proto",
  // ts-proto's own options can change what messages are called and where they are.
  ownOptions: "ts_proto_opt",
  jsonTypes: false,
  mapsImports: false,
  generatesCodecs: false,
  prepare(own) {
    const options = parseTsProtoOptions(own);
    // `importSuffix` is our `import_extension`.
    return { importExtension: own.get("importSuffix"), flavour: () => tsProtoFlavour(options) };
  },
};

function tsProtoFlavour(options: TsProtoOptions): MessageFlavour {
  const cache = new WeakMap<SourceFile, ReadonlyMap<string, string>>();
  function namesOf(source: SourceFile): ReadonlyMap<string, string> {
    let names = cache.get(source);
    if (names === undefined) {
      names = tsProtoNames(source, options);
      cache.set(source, names);
    }
    return names;
  }
  return {
    reserved: ["tsProto"],
    warnings: ({ sources }) => sources.flatMap((source) => doubts(source, namesOf(source), options)),
    names(message, source, place) {
      const name = namesOf(source).get(message.typeName)!;
      check(name, message, source, options, place);
      return { shape: name, value: name };
    },
    module(source) {
      // The first occurrence, wherever it is: so does ts-proto.
      return `./${source.path.replace(".proto", () => options.fileSuffix)}.js`;
    },
    initType({ init, value }, target) {
      const block = templatesFor(target)["init-ts-proto"]?.Init;
      if (block === undefined) return undefined;
      const text = block.open.text({ Init: init, Schema: value });
      return { text, imports: block.open.imports, uses: ["value"] };
    },
    codec({ value }, { typeName }) {
      const imports = [{ module: codecModule, name: "tsProto", typeOnly: false }];
      return { text: `tsProto(${value}, ${quote(typeName)})`, imports, uses: ["value"] };
    },
  };
}

/** ts-proto does not rename on collisions, not even with its own names. */
function doubts(source: SourceFile, names: ReadonlyMap<string, string>, options: TsProtoOptions): string[] {
  const first = new Map<string, string>();
  return [...names].flatMap(([typeName, name]) => {
    const other = first.get(name);
    first.set(name, other ?? typeName);
    if (other !== undefined) {
      return `${source.path}: ts-proto calls both ${other} and ${typeName} "${name}", so that its file does not compile; rename one of the two`;
    }
    const usable = usability(name, source, options);
    if (usable === "yes") return [];
    const how = usable === "no" ? "does not compile" : "does not compile with most fields and options";
    return `${source.path}: ts-proto uses the name of message ${typeName} itself, so that its file ${how}; rename it`;
  });
}

function check(
  name: string,
  { typeName }: MessageRef,
  source: SourceFile,
  options: TsProtoOptions,
  place: Place,
): void {
  // `_1` becomes `1` with snakeToCamel, and a prefix of the user's can be anything.
  if (/^[A-Za-z_$][\w$]*$/.test(name) && usability(name, source, options) !== "no") return;
  throw new GenerateError(
    "unusable-message-name",
    `message ${typeName}: ts-proto exports it as ${JSON.stringify(name)}, and what it writes does not compile; rename it`,
    place,
  );
}
