import { accessSync, constants, readFileSync } from "node:fs";
import { isAbsolute, sep } from "node:path";
import type { Fault } from "../errors/gen-stubs-error.js";
import { errnoOf } from "../process/run-process.js";
import { hiddenMessageHint } from "./hidden-message.js";
import { displayPath } from "./paths.js";
import { pathIn } from "./proto-root.js";
import type { RootedInputs } from "./proto-roots.js";

// "path:line:column: text", "path: text", either with "warning: " before the text.
const located = /^(.*?):(\d+):(\d+): (.*)$/;
const fileOnly = /^(.*?\.proto): (.*)$/;
const unreadable = /^Could not make proto path relative: (.*): (No such file or directory|Permission denied)$/;
const NO_SUCH_FILE = "No such file or directory";
const notFound = /^Import "(.*)" was not found or had errors\.$/;
const derived = /^"?.*"? (?:is not defined\.|seems to be defined in ".*", which is not imported)/;

interface Message {
  readonly file: string;
  readonly line: number | undefined;
  readonly column: number | undefined;
  readonly text: string;
}

/** What protoc printed, as faults with source lines; what only follows from a missing import is left out. */
export function protocFaults(stderr: string, inputs: RootedInputs, cwd: string): readonly Fault[] {
  const messages = stderr.split(/\r?\n/).map(parse).filter(isError);
  const missing = new Set(messages.filter((m) => m.text === "File not found.").map((m) => m.file));
  const brokenImporters = new Set(messages.filter((m) => notFound.test(m.text)).map((m) => m.file));
  const faults: Fault[] = [];
  for (const message of messages) {
    if (missing.has(message.file) && message.text === "File not found.") continue;
    if (brokenImporters.has(message.file) && derived.test(message.text)) continue;
    const name = notFound.exec(message.text)?.[1];
    if (name === undefined) faults.push(errorIn(message, inputs, cwd));
    else if (missing.has(name)) {
      faults.push({
        code: "GS2004",
        message: `import "${name}" was not found`,
        ...place(message, inputs, cwd),
      });
    }
  }
  if (faults.length === 0) {
    faults.push({
      code: "GS2003",
      message: `protoc failed: ${stderr.trim() === "" ? "it printed nothing" : stderr.trim()}`,
    });
  }
  return faults;
}

function errorIn(message: Message, inputs: RootedInputs, cwd: string): Fault {
  const path = pathOf(message.file, inputs);
  const hint = path === undefined ? undefined : hiddenMessageHint(message.text, readFileSync(path, "utf8"));
  return {
    code: "GS2003",
    message: message.text === NO_SUCH_FILE ? whyUnreadable(message.file, inputs) : message.text,
    ...place(message, inputs, cwd),
    ...(hint === undefined ? {} : { hint }),
  };
}

/** protoc says of every input that it cannot open that there is none. */
function whyUnreadable(name: string, inputs: RootedInputs): string {
  const input = inputs.files.find((file) => file.name === name);
  if (input === undefined) return NO_SUCH_FILE;
  try {
    accessSync(input.path, constants.R_OK);
  } catch (error) {
    const code = errnoOf(error);
    if (code === "EACCES" || code === "EPERM") return `it cannot be read: permission denied (${code})`;
  }
  return NO_SUCH_FILE;
}

/** The warnings among what protoc printed, with paths as the user would write them. */
export function protocWarnings(stderr: string, cwd: string): readonly string[] {
  return stderr
    .split(/\r?\n/)
    .filter((line) => / warning: |^warning: /i.test(line))
    .map((line) => line.replaceAll(cwd + sep, ""));
}

function parse(line: string): Message | undefined {
  const full = located.exec(line);
  if (full !== null) {
    return { file: full[1] ?? "", line: Number(full[2]), column: Number(full[3]), text: full[4] ?? "" };
  }
  const short = unreadable.exec(line) ?? fileOnly.exec(line);
  if (short === null) return undefined;
  return { file: short[1] ?? "", line: undefined, column: undefined, text: short[2] ?? "" };
}

function isError(message: Message | undefined): message is Message {
  return message !== undefined && !message.text.startsWith("warning: ");
}

function place(message: Message, inputs: RootedInputs, cwd: string): Partial<Fault> {
  const path = pathOf(message.file, inputs);
  if (path === undefined) {
    const input = inputs.files.find(({ name }) => name === message.file);
    return { file: input === undefined ? message.file : displayPath(input.path, cwd) };
  }
  const { line, column } = message;
  if (line === undefined || column === undefined) return { file: displayPath(path, cwd) };
  const source = readFileSync(path, "utf8").split(/\r?\n/)[line - 1];
  return { file: displayPath(path, cwd), line, column, ...(source === undefined ? {} : { source }) };
}

/** protoc names files by import name or by path; both lead to the file on disk. */
function pathOf(name: string, inputs: RootedInputs): string | undefined {
  const candidates = isAbsolute(name) ? [name] : inputs.roots.map((root) => pathIn(root, name));
  return candidates.find((path): path is string => {
    if (path === undefined) return false;
    try {
      readFileSync(path);
      return true;
    } catch {
      return false;
    }
  });
}
