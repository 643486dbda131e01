import type { Command } from "../commands/command.js";
import type { Flag } from "../usage/flags.js";

/**
 * What may follow on a command line. Nothing where paths are expected: shells complete those themselves.
 *
 * @param words the words behind `gen-stubs`, the last one as far as it is typed (perhaps `""`)
 * @param commands all commands; the first runs where none is named
 */
export function complete(words: readonly string[], commands: readonly [Command, ...Command[]]): readonly string[] {
  const current = words.at(-1) ?? "";
  const named = words.length > 1 ? commands.find(({ name }) => name === words[0]) : undefined;
  const { flags } = named ?? commands[0];
  const begins = (candidate: string): boolean => candidate.startsWith(current);
  const [, key, typed] = /^(--[\w-]+)=(.*)$/s.exec(current) ?? [];
  if (key !== undefined) {
    return (flagOf(key, flags)?.values ?? [])
      .filter((value) => value.startsWith(typed ?? ""))
      .map((value) => `${key}=${value}`);
  }
  const before = flagOf(words.at(-2) ?? "", flags);
  if (before?.type === "string") return (before.values ?? []).filter(begins);
  if (current.startsWith("-")) return flagWords(flags).filter(begins);
  return words.length === 1 ? commands.map(({ name }) => name).filter(begins) : [];
}

function flagOf(word: string, flags: Readonly<Record<string, Flag>>): Flag | undefined {
  if (word.startsWith("--")) return flags[word.slice(2)];
  return Object.values(flags).find(({ alias }) => word === `-${String(alias)}`);
}

/** Switches that are on are offered as `--no-…`, which is all one can want of them. */
function flagWords(flags: Readonly<Record<string, Flag>>): readonly string[] {
  const own = Object.entries(flags).map(([name, flag]) => (flag.default === true ? `--no-${name}` : `--${name}`));
  return [...own, "--help", "--version"];
}
