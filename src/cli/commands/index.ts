import type { Command } from "./command.js";
import { generateCommand } from "./generate.js";

/** All commands, in the order of `--help`; the first runs where none is named. */
export const commands: readonly [Command, ...Command[]] = [generateCommand];
