import type { Command } from "../commands/command.js";

/** What a command that was told nothing answers: how it is used. */
export function briefUsage({ name, usage, examples }: Command): string {
  const words = name === "generate" ? "gen-stubs" : `gen-stubs ${name}`;
  const rows = examples.filter(([args]) => args.includes(" ")).map(([args, what]) => [`gen-stubs ${args}`, what]);
  if (name === "generate")
    rows.push(["gen-stubs init", "a config for this project, so that gen-stubs alone generates"]);
  const width = Math.max(...rows.map(([line = ""]) => line.length));
  return [
    `usage: ${words} ${usage}`,
    "",
    ...rows.map(([line = "", what = ""]) => `  ${line.padEnd(width)}  ${what}`),
    "",
    `${words} --help tells all.`,
    "",
  ].join("\n");
}
