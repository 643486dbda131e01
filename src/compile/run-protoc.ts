import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { type Fault, GenStubsError, throwFaults } from "../errors/gen-stubs-error.js";
import { runProcess } from "../process/run-process.js";
import type { Protoc } from "./find-protoc.js";
import { displayPath, type RootedInputs } from "./proto-roots.js";

export interface ProtocResult {
  /** The encoded `FileDescriptorSet`; `undefined` when protoc found errors. */
  readonly descriptors: Uint8Array | undefined;
  readonly stderr: string;
}

// Windows takes 32,767 characters on a command line; Linux 128 KiB an argument and some MB in all.
const maxCommandLine = 16_000;

/**
 * Runs protoc over the inputs, with source info and all imports.
 *
 * It runs in an empty folder, so that no import name is taken for a path there. Files are passed by absolute path where
 * the name could be taken for a flag.
 *
 * @throws GenStubsError GS2006 for paths that protoc's syntax cannot express, GS2010 when protoc does not run.
 */
export async function runProtoc(protoc: Protoc, inputs: RootedInputs, cwd: string): Promise<ProtocResult> {
  throwFaults(pathFaults(inputs, cwd));
  const work = await mkdtemp(join(tmpdir(), "gen-stubs-"));
  try {
    const output = join(work, "descriptors.binpb");
    const args = [
      // "virtual=disk": the empty virtual part keeps a "=" in the folder's name from being taken for the separator.
      ...[...inputs.roots, ...includeFolders(protoc)].map((root) => `--proto_path==${root}`),
      "--include_imports",
      "--include_source_info",
      `--descriptor_set_out=${output}`,
      ...inputs.files.map((file) => (/^[-@]/.test(file.name) ? file.path : file.name)),
    ];
    const result = await runProcess(protoc.path, await responseFile(args, work), { cwd: work }).catch(
      (error: unknown) => {
        throw new GenStubsError({
          code: "GS2010",
          message: `${protoc.path} could not be started: ${error instanceof Error ? error.message : String(error)}`,
          hint: "name a protoc that runs on this system with --protoc, or use --descriptor-set",
        });
      },
    );
    if (result.signal !== null) {
      throw new GenStubsError({ code: "GS2010", message: `${protoc.path} was ended by ${result.signal}` });
    }
    return { descriptors: result.code === 0 ? await readFile(output) : undefined, stderr: result.stderr };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Long argument lists go into a file, one argument a line. */
async function responseFile(args: readonly string[], work: string): Promise<readonly string[]> {
  if (args.reduce((sum, arg) => sum + arg.length + 3, 0) < maxCommandLine) return args;
  const file = join(work, "arguments");
  await writeFile(file, args.map((arg) => `${arg}\n`).join(""));
  return [`@${file}`];
}

/** The folder of `google/protobuf/*.proto` beside a protoc, in case this one does not look there by itself. */
export function includeFolders(protoc: Protoc): readonly string[] {
  const folder = join(dirname(dirname(protoc.path)), "include");
  return existsSync(join(folder, "google", "protobuf", "descriptor.proto")) ? [folder] : [];
}

function pathFaults(inputs: RootedInputs, cwd: string): readonly Fault[] {
  const faults: Fault[] = [];
  for (const root of inputs.roots) {
    // protoc splits --proto_path at the system's separator and has no escape for it.
    if (root.includes(delimiter))
      faults.push(badPath(displayPath(root, cwd), `a folder with "${delimiter}" in its path`));
  }
  for (const { path, name } of inputs.files) {
    if (/[\r\n]/.test(path)) faults.push(badPath(JSON.stringify(name), "a path with a line break in it"));
    else if (name.includes("\\")) faults.push(badPath(displayPath(path, cwd), "a file name with a backslash"));
  }
  return faults;
}

function badPath(file: string, what: string): Fault {
  return { code: "GS2006", message: `protoc cannot take ${what}`, file, hint: "rename it" };
}
