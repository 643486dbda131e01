import { readFileSync } from "node:fs";
import type { Compiled } from "../compile/compiled.js";
import { displayPath } from "../compile/paths.js";
import { type Fault, GenStubsError } from "../errors/gen-stubs-error.js";

// One fault a line: "path.proto:line:column: text [code]", the place where there is one.
const pattern = /^(?:(.+?\.proto)(?::(\d+):(\d+))?: )?(.*?)(?: \[([a-z-]+)\])?$/;
const aboutOptions: ReadonlySet<string> = new Set(["unknown-option", "bad-option-value"]);

/** What the stubs' plugin says against its input, as the command's own error. */
export function pluginError(text: string, compiled: Compiled, cwd: string): GenStubsError {
  const [first, ...rest] = text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => fault(line, compiled, cwd));
  return new GenStubsError(first ?? { code: "GS3001", message: "the stub generator gave no reason" }, ...rest);
}

function fault(text: string, compiled: Compiled, cwd: string): Fault {
  const [, name, line, column, message = text, code = ""] = pattern.exec(text) ?? [];
  if (aboutOptions.has(code)) return { code: "GS1002", message: `--opt: ${message}` };
  if (name === undefined) return { code: "GS3001", message };
  const path = compiled.paths.get(name);
  const file = path === undefined ? name : displayPath(path, cwd);
  if (line === undefined || column === undefined) return { code: "GS3001", message, file };
  const source = path === undefined ? undefined : sourceLine(path, Number(line));
  const place = { file, line: Number(line), column: Number(column) };
  return { code: "GS3001", message, ...place, ...(source === undefined ? {} : { source }) };
}

function sourceLine(path: string, line: number): string | undefined {
  try {
    return readFileSync(path, "utf8").split(/\r?\n/)[line - 1];
  } catch {
    return undefined;
  }
}
