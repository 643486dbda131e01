import { readFileSync } from "node:fs";
import type { Compiled } from "../compile/compiled.js";
import { displayPath } from "../compile/paths.js";
import { type Fault, GenStubsError } from "../errors/gen-stubs-error.js";
import type { Refusal } from "../plugin/run.js";

type PluginError = Refusal["errors"][number];

const aboutOptions: ReadonlySet<PluginError["code"]> = new Set(["unknown-option", "bad-option-value"] as const);

/** What the stubs' plugin says against its input, as the command's own error. */
export function pluginError([first, ...rest]: Refusal["errors"], compiled: Compiled, cwd: string): GenStubsError {
  return new GenStubsError(fault(first, compiled, cwd), ...rest.map((error) => fault(error, compiled, cwd)));
}

function fault({ code, message, place }: PluginError, compiled: Compiled, cwd: string): Fault {
  if (aboutOptions.has(code)) return { code: "GS1002", message: `--opt: ${message}` };
  if (place === undefined) return { code: "GS3001", message };
  const path = compiled.paths.get(place.file);
  const file = path === undefined ? place.file : displayPath(path, cwd);
  if (place.line === undefined) return { code: "GS3001", message, file };
  const { line, column = 1 } = place;
  const source = path === undefined ? undefined : sourceLine(path, line);
  return { code: "GS3001", message, file, line, column, ...(source === undefined ? {} : { source }) };
}

function sourceLine(path: string, line: number): string | undefined {
  try {
    return readFileSync(path, "utf8").split(/\r?\n/)[line - 1];
  } catch {
    return undefined;
  }
}
