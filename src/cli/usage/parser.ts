import yargs, { type Argv, type Options as YargsOption } from "yargs";
import { exitCodes } from "../../errors/exit-codes.js";
import { type Fault, GenStubsError } from "../../errors/gen-stubs-error.js";
import type { Command } from "../commands/command.js";
import type { Flag } from "./flags.js";

/**
 * A yargs parser for one command: its flags, its help.
 *
 * @param others the commands to list in its help
 */
export function createParser(command: Command, others: readonly Command[]): Argv {
  const name = command.name === "generate" ? "$0" : `$0 ${command.name}`;
  const parser = yargs([])
    .scriptName("gen-stubs")
    .usage(`${name} ${command.usage}\n\n${command.summary}`)
    .parserConfiguration({
      "camel-case-expansion": false,
      "dot-notation": false,
      "parse-numbers": false,
      "parse-positional-numbers": false,
      "unknown-options-as-args": false,
      "populate--": true,
    })
    .locale("en")
    .exitProcess(false)
    .help(false)
    .version(false)
    .fail((message, error) => {
      // yargs' own findings are YErrors; anything else is ours, or a bug.
      throw error === undefined || error.name === "YError" ? new GenStubsError(yargsFault(message, command)) : error;
    })
    .epilogue(epilogue(command, others))
    .wrap(Math.min(100, process.stdout.columns ?? 100));
  for (const [args, what] of command.examples) parser.example(`$0 ${args}`, what);
  for (const [flagName, flag] of Object.entries(command.flags)) parser.option(flagName, yargsOption(flag));
  return parser
    .option("help", { alias: "h", type: "boolean", group: "Reporting:", description: "Show this help" })
    .option("version", { type: "boolean", group: "Reporting:", description: "Show the version" });
}

/** Defaults are shown here and set later: a config file stands between them and the command line. */
function yargsOption({ alias, type, group, description, default: value }: Flag): YargsOption {
  return {
    ...(alias === undefined ? {} : { alias }),
    ...(type === undefined ? {} : { type }),
    ...(group === undefined ? {} : { group }),
    ...(description === undefined ? {} : { description }),
    ...(value === undefined ? {} : { defaultDescription: JSON.stringify(value) }),
    ...(type === "string" ? { requiresArg: true } : {}),
  };
}

function epilogue(command: Command, others: readonly Command[]): string {
  const width = Math.max(...others.map(({ name }) => name.length));
  const rows = others.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`);
  const list = rows.length === 0 ? [] : [["Commands (each has its own --help):", ...rows].join("\n")];
  const codes = Object.values(exitCodes).map(({ code, meaning }) => `  ${String(code).padEnd(4)}${meaning}`);
  return [...list, ...command.notes, ["Exit codes:", ...codes].join("\n")].join("\n\n");
}

/** What yargs itself finds wrong, in our words where we know it. */
function yargsFault(message: string, { flags }: Command): Fault {
  const name = /^Not enough arguments following: (.+)$/.exec(message)?.[1];
  if (name === undefined) return { code: "GS1002", message };
  const long = Object.entries(flags).find(([, { alias }]) => alias === name)?.[0] ?? name;
  return { code: "GS1003", message: `--${long} needs a value` };
}
