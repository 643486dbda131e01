import type { MessageFlavour } from "../../emit/message-flavour.js";
import { quote } from "../../emit/quote.js";
import { templatesFor } from "../../emit/templates-for.js";
import type { MessageRef, SourceFile } from "../../model/file-model.js";
import { GenerateError, type Place } from "../../model/generate-error.js";
import type { StubLibrary } from "../stub-library.js";
import { tsProtoNames } from "./names.js";
import { parseTsProtoOptions, type TsProtoOptions } from "./options.js";

/**
 * Names that ts-proto exports as they are, though a file with them does not compile: reserved words, names TypeScript
 * refuses for an interface or cannot read as a type, and what every file of ts-proto uses.
 */
const unusable = new Set(
  (
    "break case catch class const continue debugger default delete do else enum export extends false finally for " +
    "function if import in instanceof new null return super switch this throw true try typeof var void while with " +
    "arguments await eval implements interface let package private protected public static yield " +
    "any bigint boolean infer keyof never number object readonly string symbol undefined unique unknown " +
    "BinaryWriter MessageFns ReadonlyArray Uint8Array globalThis"
  ).split(" "),
);

/** Names that files of ts-proto use with most options. */
const fragile = new Set(
  "Builtin DeepPartial Exact Exclude KeysOfUnion Partial protobufFileName protobufPackage".split(" "),
);

const codecModule = "gen-stubs-runtime/codec-ts-proto";

/** Messages from ts-proto 2. */
export const tsProto: StubLibrary = {
  name: "ts_proto",
  // ts-proto's own options can change what messages are called and where they are.
  ownOptions: "ts_proto_opt",
  jsonTypes: false,
  mapsImports: false,
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
    warnings: ({ sources }) => sources.flatMap((source) => doubts(source.path, namesOf(source))),
    names(message, source, place) {
      const name = namesOf(source).get(message.typeName)!;
      check(name, message, place);
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

/** ts-proto tells nothing apart. */
function doubts(path: string, names: ReadonlyMap<string, string>): string[] {
  const first = new Map<string, string>();
  return [...names].flatMap(([typeName, name]) => {
    const other = first.get(name);
    first.set(name, other ?? typeName);
    const text = `so that its file does not compile${other === undefined ? " with most options" : ""}; rename`;
    if (other !== undefined)
      return `${path}: ts-proto calls both ${other} and ${typeName} "${name}", ${text} one of the two`;
    return fragile.has(name) ? `${path}: ts-proto uses the name of message ${typeName} itself, ${text} it` : [];
  });
}

function check(name: string, { typeName }: MessageRef, place: Place): void {
  // `_1` becomes `1` with snakeToCamel, and a prefix of the user's can be anything.
  if (/^[A-Za-z_$][\w$]*$/.test(name) && !unusable.has(name)) return;
  throw new GenerateError(
    "unusable-message-name",
    `message ${typeName}: ts-proto exports it as ${JSON.stringify(name)}, and what it writes does not compile; rename it`,
    place,
  );
}
