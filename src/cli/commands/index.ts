import type { Command } from "./command.js";
import { completionCommand } from "./completion.js";
import { doctorCommand } from "./doctor.js";
import { generateCommand } from "./generate.js";
import { initCommand } from "./init.js";
import { skeletonCommand } from "./skeleton.js";

/** All commands, in the order of `--help`; the first runs where none is named. */
export const commands: readonly [Command, ...Command[]] = [
  generateCommand,
  skeletonCommand,
  initCommand,
  doctorCommand,
  completionCommand(() => commands),
];
