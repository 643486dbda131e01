import type { JsImportStyle } from "../emit/js-module.js";
import type { ImportExtension, RewriteImport } from "../emit/module-path.js";
import type { Target } from "../emit/template.js";
import { libraries } from "../messages/libraries.js";
import { codecs, type PreparedLibrary, type StubLibrary } from "../messages/stub-library.js";
import { GenerateError } from "../model/generate-error.js";

export type { JsImportStyle } from "../emit/js-module.js";

/** The options of the plugin, as one writes them behind `--stubs_opt=`. */
export interface PluginOptions {
  readonly targets: readonly Target[];
  readonly importExtension: ImportExtension;
  /** What `target=js` writes: ES modules, or CommonJS. */
  readonly jsImportStyle: JsImportStyle;
  readonly keepEmptyFiles: boolean;
  readonly tsNocheck: boolean;
  /** The library of `messages=…`, with what it was told: `ts_proto_opt=<name>=<value>`. */
  readonly library: PreparedLibrary;
  readonly client: boolean;
  readonly server: boolean;
  /** Also write `<file>_k6.ts`: stubs for k6 load tests. */
  readonly k6: boolean;
  readonly rewriteImports: readonly RewriteImport[];
  /** `map_imports=<pattern>:<target>`, as of protoc-gen-es 2.17. */
  readonly mapImports: readonly RewriteImport[];
  /** Modules of messages by .proto file: `M<file>=<module>`. */
  readonly modules: ReadonlyMap<string, string>;
}

const choices = {
  target: ["ts", "js", "dts"],
  import_extension: ["none", "js", "ts"],
  js_import_style: ["module", "legacy_commonjs"],
  codec: codecs,
} as const;

const switches = ["keep_empty_files", "ts_nocheck", "client", "server", "k6"] as const;

/** Options of libraries' own, by name. */
const ownOptions: ReadonlyMap<string, StubLibrary> = new Map(
  libraries.flatMap((library) => (library.ownOptions === undefined ? [] : [[library.ownOptions, library] as const])),
);

/** Names of all options, in the order they are listed to people. */
const allNames = [
  "target",
  "import_extension",
  "js_import_style",
  "messages",
  "codec",
  ...switches,
  "rewrite_imports",
  "map_imports",
  ...ownOptions.keys(),
  "M<file>",
];

/** Parses `a=b,c=d`. Later occurrences win; `rewrite_imports`, `map_imports`, a library's own and `M…` add up. */
export function parseOptions(parameter: string): PluginOptions {
  const given = new Map<string, string>();
  const rewriteImports: RewriteImport[] = [];
  const mapImports: RewriteImport[] = [];
  const modules = new Map<string, string>();
  const own = new Map<string, string>();
  const ownNames = new Set<string>();
  for (const part of parameter.split(",").filter((raw) => raw.trim() !== "")) {
    const [key, value] = splitAt(part.trim(), "=");
    if (key === "rewrite_imports") rewriteImports.push(parseRewrite(key, value));
    else if (key === "map_imports") mapImports.push(parseRewrite(key, value));
    else if (ownOptions.has(key)) {
      ownNames.add(key);
      addOwnOption(key, value, own, modules);
    } else if (isKnown(key)) given.set(key, value ?? "");
    else if (/^M./.test(key) && value !== undefined && value !== "") modules.set(key.slice(1), value);
    else throw unknown(key);
  }
  const client = readSwitch(given, "client", true);
  const server = readSwitch(given, "server", true);
  if (!client && !server)
    throw new GenerateError("bad-option-value", "client=false and server=false leave nothing to generate");
  const library = chooseLibrary(given.get("messages"));
  const foreign = [...ownNames].find((name) => name !== library.ownOptions);
  if (foreign !== undefined) {
    const text = `option ${foreign} is for messages=${ownOptions.get(foreign)?.name}`;
    throw new GenerateError("bad-option-value", text);
  }
  const k6 = readSwitch(given, "k6", false);
  if (k6 && !library.jsonTypes) {
    const text =
      "option k6=true needs messages=es: the JSON types of its messages come from protoc-gen-es (json_types=true)";
    throw new GenerateError("bad-option-value", text);
  }
  if (mapImports.length > 0 && !library.mapsImports) {
    const text = `option map_imports is not for messages=${library.name}, which has M<file>=<module>`;
    throw new GenerateError("bad-option-value", text);
  }
  const codec = choose("codec", given.get("codec") ?? "runtime");
  if (codec === "generated" && !library.generatesCodecs) {
    const text = "option codec=generated needs messages=es: ts-proto generates codecs of its own";
    throw new GenerateError("bad-option-value", text);
  }
  const prepared = library.prepare(own, codec);
  return {
    targets: [...new Set((given.get("target") ?? "ts").split("+").map((value) => choose("target", value)))],
    // protoc-gen-es takes the extension with its dot too, and an empty one for none.
    importExtension: choose(
      "import_extension",
      ((given.get("import_extension") ?? prepared.importExtension) || "none").replace(/^\./, ""),
    ),
    jsImportStyle: choose("js_import_style", given.get("js_import_style") ?? "module"),
    library: prepared,
    keepEmptyFiles: readSwitch(given, "keep_empty_files", false),
    tsNocheck: readSwitch(given, "ts_nocheck", false),
    client,
    server,
    k6,
    rewriteImports,
    mapImports,
    modules,
  };
}

function isKnown(key: string): boolean {
  return key in choices || key === "messages" || (switches as readonly string[]).includes(key);
}

function choose<Key extends keyof typeof choices>(key: Key, value: string): (typeof choices)[Key][number] {
  const found = choices[key].find((choice) => choice === value);
  if (found !== undefined) return found;
  const allowed = choices[key].join(", ") + (key === "target" ? ", or several joined with +" : "");
  throw new GenerateError("bad-option-value", `option ${key}=${value}: allowed are ${allowed}`);
}

function chooseLibrary(name: string | undefined): StubLibrary {
  if (name === undefined) return libraries[0];
  const found = libraries.find((library) => library.name === name);
  if (found !== undefined) return found;
  const allowed = libraries.map((library) => library.name).join(", ");
  throw new GenerateError("bad-option-value", `option messages=${name}: allowed are ${allowed}`);
}

function readSwitch(given: ReadonlyMap<string, string>, key: (typeof switches)[number], byDefault: boolean): boolean {
  const value = given.get(key);
  if (value === undefined) return byDefault;
  if (value === "true" || value === "1") return true;
  if (value === "false" || value === "0") return false;
  throw new GenerateError("bad-option-value", `option ${key}=${value}: allowed are true, false`);
}

function parseRewrite(key: string, value: string | undefined): RewriteImport {
  const [pattern, target] = splitAt(value ?? "", ":");
  if (pattern !== "" && target !== undefined && target !== "") return { pattern, target };
  throw new GenerateError("bad-option-value", `option ${key}=${value ?? ""}: write ${key}=<pattern>:<target>`);
}

/** `M<file>=<module>`, which other libraries have too, is ours in either place. */
function addOwnOption(
  key: string,
  value: string | undefined,
  own: Map<string, string>,
  modules: Map<string, string>,
): void {
  const [name, setting] = splitAt(value ?? "", "=");
  if (name === "" || setting === undefined) {
    throw new GenerateError("bad-option-value", `option ${key}=${value ?? ""}: write ${key}=<name>=<value>`);
  }
  if (/^M./.test(name)) modules.set(name.slice(1), setting);
  else own.set(name, setting);
}

function unknown(key: string): GenerateError {
  if (/^M./.test(key)) return new GenerateError("bad-option-value", `option ${key}: write M<file>=<module>`);
  return new GenerateError(
    "unknown-option",
    `unknown option ${JSON.stringify(key)}: allowed are ${allNames.join(", ")}`,
  );
}

function splitAt(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}
