import { exitCodes } from "../../errors/exit-codes.js";
import { styleFor } from "../report/style.js";
import { flags } from "../usage/flags.js";
import type { Command } from "./command.js";

/** Says what a run would use, and what would come of it. */
export const doctorCommand: Command = {
  name: "doctor",
  usage: "[<paths…> --out <folder>]",
  summary: "Says what is used, what would be generated from where, and why.",
  flags: Object.fromEntries(
    Object.entries(flags).filter(
      ([name]) => !["print-config", "dry-run", "check", "watch", "format", "quiet"].includes(name),
    ),
  ),
  examples: [
    ["doctor", "with the config of the project"],
    ["doctor protos --out src/gen", "for these arguments"],
  ],
  notes: ["It writes nothing. It exits 1 where something is missing or wrong."],
  async run(values, io) {
    const { examine } = await import("../doctor/examine.js");
    const { findingsJson, findingsText } = await import("../doctor/findings-text.js");
    const sections = await examine(values, io);
    const bad = sections.some(({ rows }) => rows.some(({ state }) => state === "wrong"));
    io.stdout.write(
      values.flag("json") ? findingsJson(sections, !bad) : findingsText(sections, styleFor(io.stdout, io.env)),
    );
    return (bad ? exitCodes.failed : exitCodes.ok).code;
  },
};
