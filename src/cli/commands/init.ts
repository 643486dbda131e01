import { exitCodes } from "../../errors/exit-codes.js";
import { styleFor } from "../report/style.js";
import type { Command } from "./command.js";

/** Sets a project up, so that `gen-stubs` alone generates. */
export const initCommand: Command = {
  name: "init",
  usage: "[<protos>] [--out <folder>]",
  summary: "Sets a project up: config, npm script, an example .proto.",
  flags: {
    out: {
      alias: "o",
      type: "string",
      group: "Output:",
      path: true,
      description: "Folder to generate into [default: src/gen, or gen where there is no src]",
    },
    "dry-run": { type: "boolean", group: "Output:", description: "Say what would be done, do nothing" },
  },
  examples: [
    ["init", "with the .proto files that are there, or an example"],
    ["init api/proto --out lib/gen", "with these folders"],
  ],
  notes: [
    "It asks nothing, changes no file of yours but package.json (the script generate) and .gitattributes (generated files are marked), and says what it did. What is there already stays as it is.",
  ],
  async run(values, io) {
    const { init } = await import("../init/init.js");
    const { stepsText } = await import("../init/steps-text.js");
    const dryRun = values.flag("dry-run");
    const done = init({ cwd: io.cwd, paths: values.paths, out: values.single("out"), dryRun });
    io.stdout.write(stepsText(done, dryRun, styleFor(io.stdout, io.env)));
    return exitCodes.ok.code;
  },
};
