import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { nearPath } from "../../compile/near-path.js";
import { didYouMean } from "../../errors/did-you-mean.js";
import { type Fault, throwFaults } from "../../errors/gen-stubs-error.js";
import type { Command } from "../commands/command.js";
import type { Flag } from "./flags.js";
import { createParser } from "./parser.js";
import { Values } from "./values.js";

/** A command with its values, or the text that `--help` asks to print. */
export type Parsed = { readonly command: Command; readonly values: Values } | { readonly print: string };

/**
 * Parses the command line, strictly. The first word may name a command; without one it is the first of the list. A path
 * that is called like a command is given as `./init`.
 *
 * @throws GenStubsError GS1001–GS1003, GS1005.
 */
export async function parse(
  argv: readonly string[],
  commands: readonly [Command, ...Command[]],
  version: () => string,
  cwd: string,
): Promise<Parsed> {
  const [first, ...others] = commands;
  const named = commands.find(({ name }) => name === argv[0]);
  if (named === undefined) throwFaults(misspelled(argv, commands, cwd));
  const command = named ?? first;
  const args = named === undefined ? argv : argv.slice(1);
  const parser = createParser(command, command === first ? others : []);
  const values: Record<string, unknown> = await parser.parse(separateShortValues(args, command.flags));
  throwFaults([...unknownFlags(values, command.flags), ...switchesWithValues(args, command.flags)]);
  if (values["help"] === true) return { print: await parser.getHelp() };
  if (values["version"] === true) return { print: version() };
  return { command, values: new Values(longNamed(values, command.flags), command.flags) };
}

/** A first word that is no path, and nearly a command. */
function misspelled(
  [word = "", ...rest]: readonly string[],
  commands: readonly Command[],
  cwd: string,
): readonly Fault[] {
  // Paths beside a descriptor set are names in it.
  const isPath = rest.some((arg) => arg.startsWith("--descriptor-set")) || existsSync(resolve(cwd, word));
  if (!/^[a-z]+$/i.test(word) || isPath || nearPath(word, cwd) !== "") return [];
  const names = commands.map(({ name }) => name);
  const near = didYouMean(word, names);
  return near === "" ? [] : [{ code: "GS1005", message: `"${word}" is neither a path nor a command${near}` }];
}

/** `-Iprotos` and `-ogen`, as protoc's users write them: yargs would read a row of one-letter flags. */
function separateShortValues(argv: readonly string[], flags: Readonly<Record<string, Flag>>): string[] {
  const end = argv.indexOf("--");
  const withValue = new Set(Object.values(flags).flatMap(({ alias, type }) => (type === "string" ? [alias] : [])));
  return argv.flatMap((arg, index) => {
    const match = end >= 0 && index > end ? null : /^-([A-Za-z])(?!=)(.+)$/s.exec(arg);
    return match === null || !withValue.has(match[1]) ? [arg] : [`-${match[1]}=${match[2]}`];
  });
}

/** Without yargs' aliases, which hold the same once more. */
function longNamed(
  values: Readonly<Record<string, unknown>>,
  flags: Readonly<Record<string, Flag>>,
): Readonly<Record<string, unknown>> {
  const named = Object.fromEntries(Object.entries(values).filter(([name]) => flags[name] !== undefined));
  const [paths, rest] = [values["_"], values["--"]].map((list) => (Array.isArray(list) ? list : []));
  return { ...named, _: [...(paths ?? []), ...(rest ?? [])], "--": values["--"] };
}

function unknownFlags(
  values: Readonly<Record<string, unknown>>,
  flags: Readonly<Record<string, Flag>>,
): readonly Fault[] {
  const known = [...Object.keys(flags), "help", "version"];
  const aliases = Object.values(flags).flatMap(({ alias }) => (typeof alias === "string" ? [alias] : []));
  const accepted = new Set([...known, ...aliases, "h", "_", "--", "$0"]);
  return Object.keys(values)
    .filter((key) => !accepted.has(key))
    .map((key) => ({
      code: "GS1001" as const,
      message: `unknown option ${key.length === 1 ? "-" : "--"}${key}${didYouMean(key, known).replace(/"(.*)"/, "--$1")}`,
      hint: "gen-stubs --help lists them all; a path that begins with a dash goes behind --",
    }));
}

/** yargs takes `--check=maybe` for false, silently. */
function switchesWithValues(argv: readonly string[], flags: Readonly<Record<string, Flag>>): readonly Fault[] {
  const end = argv.indexOf("--");
  return argv.slice(0, end < 0 ? undefined : end).flatMap((arg) => {
    const match = /^--(?:no-)?([\w-]+)=(.*)$/s.exec(arg);
    if (match === null || flags[match[1] ?? ""]?.type !== "boolean" || /^(true|false)$/.test(match[2] ?? "")) return [];
    return [{ code: "GS1002" as const, message: `--${match[1]} takes no value, not "${match[2]}"` }];
  });
}
