import type { ImportExtension, RewriteImport } from "../emit/module-path.js";
import type { Target } from "../emit/template.js";
import type { TsProtoOptions } from "../emit/ts-proto-options.js";
import { GenerateError } from "../model/generate-error.js";
import { extensionOf, parseTsProtoOptions } from "./parse-ts-proto-options.js";

export type Messages = "es" | "ts_proto";

/** The options of the plugin, as one writes them behind `--stubs_opt=`. */
export interface PluginOptions {
  readonly targets: readonly Target[];
  readonly importExtension: ImportExtension;
  readonly keepEmptyFiles: boolean;
  readonly tsNocheck: boolean;
  readonly messages: Messages;
  /** What ts-proto was told: `ts_proto_opt=<name>=<value>`. */
  readonly tsProto: TsProtoOptions;
  /** `generated`: also write `<file>_codec.ts`, and use it in the stubs. */
  readonly codec: "runtime" | "generated";
  readonly client: boolean;
  readonly server: boolean;
  /** Also write `<file>_k6.ts`: stubs for k6 load tests. */
  readonly k6: boolean;
  readonly rewriteImports: readonly RewriteImport[];
  /** Modules of messages by .proto file: `M<file>=<module>`. */
  readonly modules: ReadonlyMap<string, string>;
}

const choices = {
  target: ["ts", "js", "dts"],
  import_extension: ["none", "js", "ts"],
  messages: ["es", "ts_proto"],
  codec: ["runtime", "generated"],
} as const;

const switches = ["keep_empty_files", "ts_nocheck", "client", "server", "k6"] as const;

/** Names of all options, in the order they are listed to people. */
const allNames = [...Object.keys(choices), ...switches, "rewrite_imports", "ts_proto_opt", "M<file>"];

/** Parses `a=b,c=d`. Later occurrences win; `rewrite_imports`, `ts_proto_opt` and `M…` add up. */
export function parseOptions(parameter: string): PluginOptions {
  const given = new Map<string, string>();
  const rewriteImports: RewriteImport[] = [];
  const modules = new Map<string, string>();
  const tsProto = new Map<string, string>();
  for (const part of parameter.split(",").filter((raw) => raw.trim() !== "")) {
    const [key, value] = splitAt(part.trim(), "=");
    if (key === "rewrite_imports") rewriteImports.push(parseRewrite(value));
    else if (key === "ts_proto_opt") addTsProtoOption(value, tsProto, modules);
    else if (isKnown(key)) given.set(key, value ?? "");
    else if (/^M./.test(key) && value !== undefined && value !== "") modules.set(key.slice(1), value);
    else throw unknown(key);
  }
  const client = readSwitch(given, "client", true);
  const server = readSwitch(given, "server", true);
  if (!client && !server)
    throw new GenerateError("bad-option-value", "client=false and server=false leave nothing to generate");
  const messages = choose("messages", given.get("messages") ?? "es");
  if (messages !== "ts_proto" && tsProto.size > 0)
    throw new GenerateError("bad-option-value", "option ts_proto_opt is for messages=ts_proto");
  const k6 = readSwitch(given, "k6", false);
  if (k6 && messages !== "es") {
    const text =
      "option k6=true needs messages=es: the JSON types of its messages come from protoc-gen-es (json_types=true)";
    throw new GenerateError("bad-option-value", text);
  }
  const codec = choose("codec", given.get("codec") ?? "runtime");
  if (codec === "generated" && messages !== "es") {
    const text = "option codec=generated needs messages=es: ts-proto generates codecs of its own";
    throw new GenerateError("bad-option-value", text);
  }
  return {
    targets: [...new Set((given.get("target") ?? "ts").split("+").map((value) => choose("target", value)))],
    // protoc-gen-es takes the extension with its dot too, and an empty one for none.
    importExtension: choose(
      "import_extension",
      ((given.get("import_extension") ?? extensionOf(tsProto)) || "none").replace(/^\./, ""),
    ),
    messages,
    codec,
    tsProto: parseTsProtoOptions(tsProto),
    keepEmptyFiles: readSwitch(given, "keep_empty_files", false),
    tsNocheck: readSwitch(given, "ts_nocheck", false),
    client,
    server,
    k6,
    rewriteImports,
    modules,
  };
}

function isKnown(key: string): boolean {
  return key in choices || (switches as readonly string[]).includes(key);
}

function choose<Key extends keyof typeof choices>(key: Key, value: string): (typeof choices)[Key][number] {
  const found = choices[key].find((choice) => choice === value);
  if (found !== undefined) return found;
  const allowed = choices[key].join(", ") + (key === "target" ? ", or several joined with +" : "");
  throw new GenerateError("bad-option-value", `option ${key}=${value}: allowed are ${allowed}`);
}

function readSwitch(given: ReadonlyMap<string, string>, key: (typeof switches)[number], byDefault: boolean): boolean {
  const value = given.get(key);
  if (value === undefined) return byDefault;
  if (value === "true" || value === "1") return true;
  if (value === "false" || value === "0") return false;
  throw new GenerateError("bad-option-value", `option ${key}=${value}: allowed are true, false`);
}

function parseRewrite(value: string | undefined): RewriteImport {
  const [pattern, target] = splitAt(value ?? "", ":");
  if (pattern !== "" && target !== undefined && target !== "") return { pattern, target };
  throw new GenerateError(
    "bad-option-value",
    `option rewrite_imports=${value ?? ""}: write rewrite_imports=<pattern>:<target>`,
  );
}

/** ts-proto's own `M<file>=<module>` is ours too. */
function addTsProtoOption(value: string | undefined, tsProto: Map<string, string>, modules: Map<string, string>): void {
  const [name, setting] = splitAt(value ?? "", "=");
  if (name === "" || setting === undefined) {
    throw new GenerateError(
      "bad-option-value",
      `option ts_proto_opt=${value ?? ""}: write ts_proto_opt=<name>=<value>`,
    );
  }
  if (/^M./.test(name)) modules.set(name.slice(1), setting);
  else tsProto.set(name, setting);
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
