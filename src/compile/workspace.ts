import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

const markers = ["package.json", "pnpm-workspace.yaml", "go.mod", "go.work", "buf.yaml", "buf.work.yaml"];

/**
 * The folder that a project's files lie in: that of the version control, else the highest with a file that projects begin
 * with (package.json, go.mod, …). Names above it differ from one checkout to the next.
 */
export function workspaceRoot(folder: string): string | undefined {
  let highest: string | undefined;
  for (let current = folder; ; current = dirname(current)) {
    if (existsSync(join(current, ".git"))) return current;
    if (markers.some((name) => existsSync(join(current, name)))) highest = current;
    if (current === dirname(current)) return highest;
  }
}

/** The nearest folder at or above a folder that holds a file of this name. */
export function nearestWith(folder: string, name: string): string | undefined {
  for (let current = folder; ; current = dirname(current)) {
    if (existsSync(join(current, name))) return current;
    if (current === dirname(current)) return undefined;
  }
}
