import { didYouMean } from "../../errors/did-you-mean.js";
import { exitCodes } from "../../errors/exit-codes.js";
import { GenStubsError } from "../../errors/gen-stubs-error.js";
import type { Command } from "./command.js";

/** Prints what a shell needs to complete the command line. The scripts ask it, with `--`, what may follow. */
export function completionCommand(all: () => readonly [Command, ...Command[]]): Command {
  return {
    name: "completion",
    usage: "<bash|zsh|fish|powershell>",
    summary: "Prints a script with which a shell completes commands, flags and their values.",
    flags: {},
    examples: [
      ["completion bash >> ~/.bashrc", "for bash"],
      ["completion zsh >> ~/.zshrc", "for zsh"],
      ["completion fish > ~/.config/fish/completions/gen-stubs.fish", "for fish"],
    ],
    notes: [
      "The script calls gen-stubs by that name, so it completes where gen-stubs is on PATH: installed globally, or in a script of npm.",
    ],
    async run(values, io) {
      const { complete } = await import("../completion/complete.js");
      const { completionScripts, shells } = await import("../completion/scripts.js");
      const [first, ...others] = values.paths;
      if (values.rest !== undefined) {
        const words = values.rest.length === 0 ? [""] : values.rest.map((word) => (word === '""' ? "" : word));
        io.stdout.write(
          complete(words, all())
            .map((word) => `${word}\n`)
            .join(""),
        );
        return exitCodes.ok.code;
      }
      const shell = shells.find((known) => known === first);
      if (shell === undefined || others.length > 0) {
        const given = first === undefined ? "no shell" : `no script for "${values.paths.join(" ")}"`;
        const message = `${given}${didYouMean(first ?? "", shells)}: there is ${shells.join(", ")}`;
        throw new GenStubsError({ code: first === undefined ? "GS1003" : "GS1002", message });
      }
      io.stdout.write(completionScripts[shell]);
      return exitCodes.ok.code;
    },
  };
}
