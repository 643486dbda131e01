import { exitCodes } from "../errors/exit-codes.js";
import { GenStubsError } from "../errors/gen-stubs-error.js";
import { printable } from "../text/printable.js";
import type { Io } from "./io.js";
import { printError } from "./report/print-error.js";
import { plural } from "./report/stats.js";
import { styleFor } from "./report/style.js";
import type { SkeletonResult } from "./skeleton-command.js";
import { parse } from "./usage/parse.js";

const usage = `gen-stubs skeleton <service> [paths…] --out <folder> --to <file.ts>

Writes a class that implements a service, with a typed method for each rpc, which answers UNIMPLEMENTED until you fill it in.
Run again when the .proto file has grown, it adds what the class lacks, and changes nothing of yours.

  <service>        full name, weather.v1.Weather; the last part will do where there is one
  --to <file.ts>   your file; it may hold other things, and be written in your style
  --style          class (default) or object
  --check          write nothing; exit 1 and say what is missing
  --json, --quiet  as of gen-stubs

paths, -I, --descriptor-set, --protoc, --out, --messages, --opt and --messages-opt are those of gen-stubs: the file imports what
that generates in --out.

Examples:
  gen-stubs skeleton weather.v1.Weather protos --out src/gen --to src/weather.ts
  gen-stubs skeleton weather.v1.Weather protos --out src/gen --to src/weather.ts --check
`;

/** `gen-stubs skeleton`: reads its arguments, runs, prints. Never throws; returns the exit code. */
export async function skeletonMain(argv: readonly string[], io: Io): Promise<number> {
  const json = argv.includes("--json");
  try {
    if (argv.includes("--help") || argv.includes("-h")) {
      io.stdout.write(usage);
      return exitCodes.ok.code;
    }
    const { values, rest } = takeFlags(argv, ["to", "style"]);
    const parsed = await parse(rest);
    if ("print" in parsed) throw new Error("only --help and --version print, and neither gets here");
    const { to, style = "class" } = values;
    if (to === undefined)
      throw new GenStubsError({ code: "GS1003", message: "--to is missing: give the file to write" });
    if (style !== "class" && style !== "object") {
      throw new GenStubsError({ code: "GS1002", message: `--style: "${style}" is neither class nor object` });
    }
    const [service = "", ...paths] = parsed.options.paths;
    const { runSkeleton } = await import("./skeleton-command.js");
    const result = await runSkeleton({ ...parsed.options, paths, service, to, style }, io.cwd);
    const failed = result.faults.length > 0;
    const exitCode = failed ? exitCodes.failed.code : exitCodes.ok.code;
    if (json) io.stdout.write(`${JSON.stringify({ ok: !failed, exitCode, ...result }, null, 2)}\n`);
    else if (failed || !parsed.options.quiet) io.stdout.write(`${text(result, io)}\n`);
    return exitCode;
  } catch (error) {
    return printError(error, json, io);
  }
}

function text({ file, target, created, added, removed, mode, faults }: SkeletonResult, io: Io): string {
  const style = styleFor(io.stdout, io.env);
  const shown = printable(file);
  const lines: string[] = [];
  if (mode === "check") {
    if (faults.length === 0) return `${style("green", "Complete")}: ${shown} (${target})`;
    lines.push(`${style("red", "Out of date")}: ${shown} (${target})`);
    lines.push(...added.map((name) => `  ${style("yellow", "missing")} ${name}`));
    lines.push(...removed.map((name) => `  ${style("yellow", "no longer an rpc")} ${name}`));
    return [...lines, "", "Run the command without --check to add what is missing."].join("\n");
  }
  if (created)
    return `${style("green", "Wrote")} ${shown}: ${target} with ${plural(added.length, "method")} to fill in`;
  if (added.length + removed.length === 0) return `${style("green", "Complete")}: ${shown} (${target}), nothing to add`;
  lines.push(`${style("green", "Extended")} ${shown}: ${target}`);
  lines.push(...added.map((name) => `  ${style("yellow", "added")} ${name}`));
  lines.push(...removed.map((name) => `  ${style("yellow", "marked, its rpc is gone:")} ${name}`));
  return lines.join("\n");
}

/** Takes `--name value` and `--name=value` out of the arguments; what is left is for the parser of all flags. */
function takeFlags(
  argv: readonly string[],
  names: readonly string[],
): { readonly values: Readonly<Record<string, string | undefined>>; readonly rest: readonly string[] } {
  const values: Record<string, string | undefined> = {};
  const rest: string[] = [];
  for (let at = 0; at < argv.length; at++) {
    const arg = argv[at]!;
    if (arg === "--") {
      rest.push(...argv.slice(at));
      break;
    }
    const [, name = "", given] = /^--([a-z-]+)(?:=(.*))?$/s.exec(arg) ?? [];
    if (!names.includes(name)) rest.push(arg);
    else {
      const value = given ?? argv[++at];
      if (value === undefined || value === "") {
        throw new GenStubsError({ code: "GS1003", message: `--${name} needs a value` });
      }
      values[name] = value;
    }
  }
  return { values, rest };
}
