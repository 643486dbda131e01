import { readFileSync } from "node:fs";
import yargs, { type Argv } from "yargs";
import { exitCodes } from "../../errors/exit-codes.js";
import { type Fault, GenStubsError, throwFaults } from "../../errors/gen-stubs-error.js";
import { messageGenerators } from "../../messages/index.js";
import { flags } from "./flags.js";
import type { Options } from "./options.js";
import { parsePluginOptions } from "./plugin-options.js";
import { didYouMean } from "./suggest.js";

/** Parsed options, or the text that `--help` or `--version` asks to print. */
export type Parsed = { readonly options: Options } | { readonly print: string };

/**
 * Parses the command line, strictly.
 *
 * @throws GenStubsError GS1001–GS1004.
 */
export async function parse(argv: readonly string[]): Promise<Parsed> {
  const parser = createParser();
  const values: Record<string, unknown> = await parser.parse(separateShortValues(argv));
  throwFaults([...unknownFlags(values), ...switchesWithValues(argv)]);
  if (values["help"] === true) return { print: await parser.getHelp() };
  if (values["version"] === true) return { print: version() };
  return { options: toOptions(values) };
}

/** The version of this package. */
export function version(): string {
  const manifest = JSON.parse(readFileSync(new URL("../../../package.json", import.meta.url), "utf8"));
  return String(manifest.version);
}

// One line a paragraph: yargs wraps them to the width of the terminal.
const notes = [
  "Import names: a file below a --proto-path is named from there, as protoc does. Other files are named from the folder given, or from one above where their package starts there, or from the one that their imports are relative to: a folder, or the path of their Go module. Links are followed, and a file counts once. In a buf workspace, with buf at hand and neither -I nor --protoc given, buf decides.",
  "Files in the way: only files with a @generated header of gen-stubs or protoc-gen-es are overwritten. Which run wrote which files is kept beside them, in .gen-stubs-manifest.json: several runs may share --out, and none calls the files of another its orphans, or removes them. Line endings (git's autocrlf) and tool versions in headers are no drift.",
].join("\n\n");

function createParser(): Argv {
  const codes = Object.values(exitCodes).map(({ code, meaning }) => `  ${String(code).padEnd(4)}${meaning}`);
  const parser = yargs([])
    .scriptName("gen-stubs")
    .usage("$0 <paths…> --out <folder>\n\nGenerates typed streaming gRPC stubs and their messages from .proto files.")
    .parserConfiguration({
      "camel-case-expansion": false,
      "dot-notation": false,
      "parse-numbers": false,
      "parse-positional-numbers": false,
      "unknown-options-as-args": false,
    })
    .locale("en")
    .exitProcess(false)
    .help(false)
    .version(false)
    .fail((message, error) => {
      // yargs' own findings are YErrors; anything else is ours, or a bug.
      throw error === undefined || error.name === "YError" ? new GenStubsError(yargsFault(message)) : error;
    })
    .example("$0 protos --out src/gen", "messages and stubs for every .proto file in protos")
    .example("$0 protos --out src/gen --check", "in CI: exit 1 when src/gen is out of date")
    .epilogue(`${notes}\n\nExit codes:\n${codes.join("\n")}`)
    .wrap(Math.min(100, process.stdout.columns ?? 100));
  for (const [name, { repeatable: _, ...flag }] of Object.entries(flags)) {
    parser.option(name, flag.type === "string" ? { ...flag, requiresArg: true } : flag);
  }
  return parser
    .option("help", { alias: "h", type: "boolean", group: "Reporting:", description: "Show this help" })
    .option("version", { type: "boolean", group: "Reporting:", description: "Show the version" });
}

/** What yargs itself finds wrong, in our words where we know it. */
function yargsFault(message: string): Fault {
  const name = /^Not enough arguments following: (.+)$/.exec(message)?.[1];
  if (name === undefined) return { code: "GS1002", message };
  const long = Object.entries(flags).find(([, { alias }]) => alias === name)?.[0] ?? name;
  return { code: "GS1003", message: `--${long} needs a value` };
}

/** `-Iprotos` and `-ogen`, as protoc's users write them: yargs would read a row of one-letter flags. */
function separateShortValues(argv: readonly string[]): string[] {
  const end = argv.indexOf("--");
  return argv.flatMap((arg, index) => {
    const match = end >= 0 && index > end ? null : /^-([Io])(?!=)(.+)$/s.exec(arg);
    return match === null ? [arg] : [`-${match[1]}=${match[2]}`];
  });
}

function unknownFlags(values: Record<string, unknown>): readonly Fault[] {
  const known = [...Object.keys(flags), "help", "version"];
  const aliases = Object.values(flags).flatMap(({ alias }) => (typeof alias === "string" ? [alias] : []));
  const accepted = new Set([...known, ...aliases, "h", "_", "$0"]);
  return Object.keys(values)
    .filter((key) => !accepted.has(key))
    .map((key) => ({
      code: "GS1001" as const,
      message: `unknown option ${key.length === 1 ? "-" : "--"}${key}${didYouMean(key, known)}`,
      hint: "gen-stubs --help lists them all; a path that begins with a dash goes behind --",
    }));
}

/** yargs takes `--check=maybe` for false, silently. */
function switchesWithValues(argv: readonly string[]): readonly Fault[] {
  const end = argv.indexOf("--");
  return argv.slice(0, end < 0 ? undefined : end).flatMap((arg) => {
    const match = /^--(?:no-)?([\w-]+)=(.*)$/s.exec(arg);
    if (match === null || flags[match[1] ?? ""]?.type !== "boolean" || /^(true|false)$/.test(match[2] ?? "")) return [];
    return [{ code: "GS1002" as const, message: `--${match[1]} takes no value, not "${match[2]}"` }];
  });
}

function toOptions(values: Record<string, unknown>): Options {
  const paths = Array.isArray(values["_"]) ? values["_"].map(String) : [];
  const descriptorSet = single(values, "descriptor-set");
  const options: Options = {
    paths,
    protoPaths: many(values, "proto-path"),
    exclude: many(values, "exclude"),
    out: single(values, "out") ?? "",
    messages: single(values, "messages") ?? "es",
    opt: parsePluginOptions("opt", [...many(values, "opt"), ...(flag(values, "k6") ? ["k6=true"] : [])]),
    messagesOpt: parsePluginOptions("messages-opt", many(values, "messages-opt")),
    descriptorSet,
    protoc: single(values, "protoc"),
    includeImports: flag(values, "include-imports"),
    check: flag(values, "check"),
    clean: flag(values, "clean"),
    dryRun: flag(values, "dry-run"),
    json: flag(values, "json"),
    quiet: flag(values, "quiet"),
  };
  throwFaults(check(options));
  return options;
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
  clash("descriptor-set", "proto-path", options.descriptorSet !== undefined && options.protoPaths.length > 0);
  clash("descriptor-set", "protoc", options.descriptorSet !== undefined && options.protoc !== undefined);
  return faults;
}

function many(values: Record<string, unknown>, name: string): readonly string[] {
  const value = values[name];
  if (value === undefined) return [];
  const list = Array.isArray(value) ? value.map(String) : [String(value)];
  if (list.includes("")) throw new GenStubsError({ code: "GS1002", message: `--${name} is empty` });
  return list;
}

function single(values: Record<string, unknown>, name: string): string | undefined {
  const list = many(values, name);
  if (list.length <= 1) return list[0];
  throw new GenStubsError({ code: "GS1002", message: `--${name} is given ${list.length} times; it takes one value` });
}

function flag(values: Record<string, unknown>, name: string): boolean {
  const value = values[name];
  return Array.isArray(value) ? value.at(-1) === true : value === true;
}
